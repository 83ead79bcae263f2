"""`closing`, `journal`, `archive`, `training`, `verify`, `restore --done` as scripts run them."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from command_line import CommandLine, request

pytestmark = pytest.mark.long


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """A company that sold something the day before yesterday."""
    from datetime import date, timedelta

    cli = CommandLine(tmp_path / "codial.sqlite3", dict(os.environ))
    cli("init", "--name", "Essai SARL", "--siren", "123456782", *_address())
    day = (date.today() - timedelta(2)).isoformat()  # noqa: DTZ011
    asked = request(kind="invoice", date=day)
    made = cli("document", "create", "-", "--json", stdin=json.dumps(asked)).json
    cli("document", "validate", made["ref"])
    return cli


def _address() -> list[str]:
    return ["--street", "1 rue Y", "--postcode", "33000", "--city", "BORDEAUX"]


def test_the_law_by_the_command_line(cli: CommandLine, tmp_path: Path) -> None:
    listed = cli("closing", "list", "--json").json
    assert listed["closings"] == [] and len(listed["waiting"]) == 1
    assert cli("closing", "run", "--until", "31/12/99", code=1).problems == [("closing.future", "")]
    made = cli("closing", "run", "--json").json["closings"]
    assert made[0]["kind"] == "day" and made[0]["invoices"]["gross"] == 11_520
    assert "Rien à clôturer" in cli("closing", "run").out
    shown = cli("closing", "list").out
    assert "Jour" in shown and "115,20" in shown and "Rien n'attend sa clôture" in shown
    cli("closing", "rotate-key")
    assert cli("closing", "replace-key", code=1).problems == [("key.there", "")]
    archive = tmp_path / "a.zip"
    answer = cli("archive", "-o", str(archive), "--json").json
    assert answer["invoices"] == 1
    assert {"SHA256SUMS", "SHA256SUMS.sig"} < set(zipfile.ZipFile(archive).namelist())
    assert cli("archive", "-o", str(archive), code=1).problems == [("database.refused", "")]
    cli("archive", "-o", str(archive), "--force", "--year", "1999")
    journal = cli("journal", "--json").json["events"]
    assert [one["label"] for one in journal] == [
        *("Clé de signature", "Papier gardé", "Clé de signature", "Archive", "Archive"),
    ]
    assert "recalculés, tout est juste" in cli("verify").out
    school = tmp_path / "ecole.sqlite3"
    cli("training", "-o", str(school))
    learning = CommandLine(school, cli.environ)
    assert learning("closing", "run", code=1).problems == [("training.closing", "")]
    assert "tout est juste" in learning("verify").out


def test_a_lost_key_by_the_command_line(cli: CommandLine) -> None:
    for key in Path(os.environ["CODIAL_TUI_KEYS"]).glob("*/*.pem"):
        key.unlink()
    refused = cli("closing", "run", code=1)
    assert refused.problems == [("key.missing", "")]
    assert "closing replace-key" in refused.err
    cli("closing", "replace-key")
    assert len(cli("closing", "run", "--json").json["closings"]) >= 1


def test_an_old_file_by_the_command_line(cli: CommandLine, tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite3"
    cli("backup", str(old))
    asked = json.dumps(request(kind="invoice"))
    made = cli("document", "create", "-", "--json", stdin=asked).json
    cli("document", "validate", made["ref"])
    for one in tmp_path.glob("codial.sqlite3-*"):
        if one.is_file():
            one.unlink()
    cli.database.write_bytes(old.read_bytes())
    assert ("count.cut", "factures") in cli("verify", code=1).problems
    cli("restore", "copie du matin", "--done")
    answer = cli("verify", "--json").json
    assert answer["problems"] == [] and "1 facture de moins" in answer["notes"][0]
