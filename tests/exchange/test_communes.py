"""The postcode table: what ships, and how it is made from La Poste's file."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from codial_tui.config import asset
from codial_tui.exchange import communes

HEADER = "Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement;gps\n"
SOURCE = Path(__file__).parents[3] / "shared/data/hexasmal/laposte_hexasmal.csv"


def _source(tmp_path: Path, rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = tmp_path / "laposte.csv"
    path.write_text(header + rows, encoding=encoding)
    return path


def test_shipped_table_is_sorted_distinct_and_complete() -> None:
    pairs = list(communes.read(asset("communes.csv.gz")))
    assert len(pairs) == 35_700
    assert all(left < right for left, right in itertools.pairwise(pairs))
    assert all(len(postcode) == 5 and postcode.isdigit() and name for postcode, name in pairs)
    assert asset("communes.csv.gz").stat().st_size <= 400_000


def test_shipped_table_knows_the_towns_people_type() -> None:
    names: dict[str, list[str]] = {}
    for postcode, name in communes.read(asset("communes.csv.gz")):
        names.setdefault(postcode, []).append(name)
    assert names["69003"] == ["LYON"]
    assert names["69100"] == ["VILLEURBANNE"]
    assert "BOURG EN BRESSE" in names["01000"]  # the leading zero stays
    assert "AJACCIO" in names["20000"]
    assert len(names["26400"]) > 5  # one postcode, many communes


def test_build_sorts_deduplicates_and_takes_the_envelope_name(tmp_path: Path) -> None:
    source = _source(
        tmp_path,
        "69383;LYON 03;69003;;LYON;\n"
        "69383;LYON 03;69003;ANNEXE;LYON;\n"
        "01053;BOURG EN BRESSE;01000;; BOURG  EN BRESSE ;\n",
        encoding="utf-8-sig",
    )
    target = tmp_path / "communes.csv.gz"
    assert communes.build(source, target) == 2
    assert list(communes.read(target)) == [("01000", "BOURG EN BRESSE"), ("69003", "LYON")]


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    source = _source(tmp_path, "69383;LYON 03;69003;;LYON;\n")
    communes.build(source, tmp_path / "first.gz")
    communes.build(source, tmp_path / "second.gz")
    assert (tmp_path / "first.gz").read_bytes() == (tmp_path / "second.gz").read_bytes()


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ("69383;LYON 03;6900;;LYON;\n", HEADER),
        ("69383;LYON 03;69003 ;;LYON;\n", HEADER),
        ("69383;LYON 03;69003;;;\n", HEADER),
        ("69383;LYON 03\n", HEADER),
        ("69003;LYON\n", "postcode;name\n"),
        ("", ""),
    ],
)
def test_a_source_that_is_not_la_poste_s_is_refused_and_nothing_written(
    tmp_path: Path, rows: str, header: str
) -> None:
    target = tmp_path / "communes.csv.gz"
    target.write_bytes(b"before")
    with pytest.raises(ValueError, match=r"laposte\.csv"):
        communes.build(_source(tmp_path, rows, header), target)
    assert target.read_bytes() == b"before"


def test_shipped_table_is_what_the_source_gives(tmp_path: Path) -> None:
    if not SOURCE.exists():
        pytest.skip("La Poste's whole file is not on this machine (../shared/data)")
    communes.build(SOURCE, tmp_path / "communes.csv.gz")
    assert list(communes.read(tmp_path / "communes.csv.gz")) == list(
        communes.read(asset("communes.csv.gz"))
    )
