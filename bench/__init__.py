"""Measurements that can be rerun: `python -m bench [SUBJECT…] [--quick]` (make bench)."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# The pty driver and the keystroke scripts are shared with the tests, whose folders pytest puts on
# the path in the same way.
for _folder in (".", "terminal", "scenarios"):
    sys.path.insert(0, str(ROOT / "tests" / _folder))
