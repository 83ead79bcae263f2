"""What every test has: two hypothesis profiles, and nothing of the user's own data."""

import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import new_database
import pytest
from hypothesis import settings

from codial_tui.exchange import schematron
from codial_tui.models import sqlite_file

# No deadline: a busy machine is not a bug. More examples: pytest --hypothesis-profile=thorough
settings.register_profile("quick", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile("quick")

# Signing keys of the companies that fixtures of a whole run make; each test has its own copy.
KEYS = Path(tempfile.mkdtemp(prefix="codial-keys-"))
os.environ["CODIAL_TUI_KEYS"] = str(KEYS)

# Started under nohup, every program of a test would inherit a hang-up that is not heard.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _not_the_users_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No test opens the company of whoever runs it, nor follows that person's settings."""
    monkeypatch.delenv("CODIAL_TUI_DATABASE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    own = tmp_path_factory.mktemp("keys")  # not among the files of the test
    shutil.copytree(KEYS, own, dirs_exist_ok=True)
    monkeypatch.setenv("CODIAL_TUI_KEYS", str(own))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_official_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schematrons take a second an invoice: tests that are about them say so."""
    monkeypatch.setattr(schematron, "is_installed", lambda: False)


@pytest.fixture(autouse=True)
def _migrated_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """See new_database.py. The tests of databases themselves (tests/models) run migrations."""
    if "models" not in request.path.parts:
        monkeypatch.setattr(sqlite_file, "make_private", new_database.begin)


@pytest.fixture(scope="session", autouse=True)
def _keys_of_the_run() -> Iterator[None]:
    yield
    shutil.rmtree(KEYS, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _every_invoice() -> Iterator[None]:
    """With KEPT_INVOICES, a copy of every invoice that a test validates, named by the official
    rules that apply: tests/services/test_every_invoice.py looks at them (`make check-long`)."""
    kept = os.environ.get("KEPT_INVOICES")
    if not kept:
        yield
        return
    from codial_tui.services.invoicing import einvoices

    folder, make = Path(kept), einvoices.pdf
    folder.mkdir(parents=True, exist_ok=True)

    def pdf(context: Any, document: Any) -> bytes:
        made = make(context, document)
        rules = "+".join(einvoices.rules_of(document))
        name = f"{rules} {hashlib.sha256(made).hexdigest()[:20]}.pdf"
        (folder / name).write_bytes(made)
        return made

    einvoices.pdf = pdf
    yield
    einvoices.pdf = make
