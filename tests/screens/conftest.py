"""Screens are tested at 80×24, with keys only; `screen_dump` has what they share."""

from __future__ import annotations

from typing import Any

import pytest
from demo_program import demo, demo_template  # noqa: F401
from quiet_app import _no_sleep_at_keys, toolkit_waits  # noqa: F401
from screen_dump import screen_text as rows_of


@pytest.fixture
def screen_text() -> Any:
    """`screen_dump.screen_text` as a fixture."""
    return rows_of
