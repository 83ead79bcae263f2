"""What every test has: two hypothesis profiles, and nothing of the user's own data."""

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# No deadline: a busy machine is not a bug. More examples: pytest --hypothesis-profile=thorough
settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("quick")

# Started under nohup, every program of a test would inherit a hang-up that is not heard.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _not_the_users_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test opens the company of whoever runs it, nor follows that person's settings."""
    monkeypatch.delenv("CODIAL_TUI_DATABASE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
