"""Stories at the keyboard use what the screen tests have: the program, the demo company."""

from __future__ import annotations

import sys
from pathlib import Path

SCREENS = str(Path(__file__).parents[1] / "screens")
if SCREENS not in sys.path:
    sys.path.insert(0, SCREENS)

from demo_program import demo, demo_template  # noqa: E402, F401
from quiet_app import _no_sleep_at_keys  # noqa: E402, F401
