"""Which file and which columns: chosen, found again, kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from codial_tui.bootstrap import start
from codial_tui.config import data_dir
from codial_tui.domain.problems import Invalid
from codial_tui.errors import CodialError, Refused, Unreadable
from codial_tui.exchange.mapping import load_mapping
from codial_tui.models.database import Database
from codial_tui.services.context import Context, utc_now
from codial_tui.services.documents import attachments
from codial_tui.services.imports import import_source
from codial_tui.services.imports.import_source import Mapping


@pytest.fixture
def context(database: Database) -> Iterator[Context]:
    yield start(database, program="test", clock=utc_now, login="marie")


def listed(folder: Path, name: str, text: str) -> import_source.SourceFormat:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_source.look(path)


NO_HEADER = "X1\tClou\t1,50\nX2\tVis\t2,50\nX3\tÉcrou\t3,50\n"
HEADER = "Référence;Désignation;Prix HT;Autre\nA1;Clou;2,00;5,00\n"


def test_only_an_administrator_leaves_the_inbox(context: Context, tmp_path: Path) -> None:
    inside = attachments.folder(context, "inbox") / "a b.csv"
    inside.write_text("x")
    context.user = context.user._replace(role="admin")
    assert import_source.path_of(context, " a b.csv ") == inside
    assert import_source.path_of(context, f"{tmp_path}/x.csv") == tmp_path / "x.csv"
    with pytest.raises(Refused):
        import_source.path_of(context, "~nobody-of-that-name/x.csv")
    context.user = context.user._replace(role="user")
    assert import_source.path_of(context, "a b.csv") == inside
    for typed, code in (
        ("/etc/passwd", "path.not_allowed"),
        ("../export/x", "path.not_allowed"),
        ("~/x", "path.not_allowed"),
        ("absent.csv", "inbox.missing"),
        ("", "inbox.missing"),
    ):
        with pytest.raises(Refused) as refused:
            import_source.path_of(context, typed)
        assert refused.value.problems[0].code == code


def test_what_is_no_file_is_said_in_french(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        import_source.look(tmp_path / "absent.csv")
    with pytest.raises(Unreadable):
        import_source.look(tmp_path)


def test_a_saved_mapping_is_found_by_the_name_of_the_file(tmp_path: Path) -> None:
    source = listed(tmp_path, "Tarif-REXO-2026.txt", NO_HEADER)
    assert import_source.mapping_for(source, "items") == Mapping("items", header=False)
    name = import_source.usual_name(source)
    assert name == "tarif-rexo"
    mapping = Mapping("items", {"reference": 1, "price": 3}, header=False)
    path = import_source.save(mapping, name)
    assert path == data_dir() / "mappings" / "tarif-rexo.toml"
    assert load_mapping(path) == mapping
    assert "bdpm" in import_source.mapping_names()
    later = listed(tmp_path, "tarif rexo 2027.txt", NO_HEADER)
    assert import_source.mapping_for(later, "items") == mapping
    assert import_source.mapping_for(later, "customers") == Mapping("customers", header=False)
    narrow = listed(tmp_path, "tarif-rexo-2028.txt", "X1\tClou\nX2\tVis\n")
    assert import_source.mapping_for(narrow, "items") == Mapping("items", header=False)


def test_a_mangled_mapping_is_passed_over(tmp_path: Path) -> None:
    folder = data_dir() / "mappings"
    folder.mkdir(parents=True)
    (folder / "tarif.toml").write_text("kind = [[[", encoding="utf-8")
    source = listed(tmp_path, "tarif.csv", HEADER)
    assert import_source.mapping_for(source, "items").columns["reference"] == "Référence"
    with pytest.raises(Unreadable):
        import_source.named_mapping("tarif")


@pytest.mark.parametrize("name", ["", "///", "..", "\x1b"])
def test_a_mapping_needs_a_name(name: str) -> None:
    with pytest.raises(Refused) as refused:
        import_source.save(Mapping("items", {"reference": 1}), name)
    assert refused.value.problems[0].code == "mapping.name"


def test_a_name_does_not_lead_out_of_the_folder() -> None:
    path = import_source.save(Mapping("items", {"reference": 1}), "../../Été 2026/x")
    assert path == data_dir() / "mappings" / "ete-2026-x.toml"


def test_a_mapping_without_its_key_is_not_kept() -> None:
    with pytest.raises(CodialError):
        import_source.save(Mapping("items", {"label": 1}), "x")
    assert not (data_dir() / "mappings" / "x.toml").exists()


def test_columns_are_positions_and_back(tmp_path: Path) -> None:
    source = listed(tmp_path, "a.csv", HEADER)
    mapping = import_source.mapping_for(source, "items")
    assert import_source.positions(mapping, source) == {0: "reference", 1: "label", 2: "price"}
    changed = import_source.with_columns(
        mapping, source, {0: "reference", 3: "sale_price"}, header=True
    )
    assert changed.columns == {"reference": "Référence", "sale_price": "Autre"}
    assert changed.header is None
    bare = import_source.with_columns(mapping, source, {0: "reference"}, header=False)
    assert (bare.columns, bare.header) == ({"reference": 1}, False)
    with pytest.raises(Invalid):
        import_source.with_columns(mapping, source, {}, header=True).check()


def test_files_are_described(tmp_path: Path) -> None:
    described = import_source.describe(listed(tmp_path, "a.csv", HEADER))
    assert described == "UTF-8, point-virgule · avec entête"
    described = import_source.describe(listed(tmp_path, "b.txt", NO_HEADER))
    assert described == "UTF-8, TAB · sans entête"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("sale_price", 84_500, "8,45"),
        ("price", None, "—"),
        ("vat_rate", 55_000, "5,5 %"),
        ("price_per", 1_000_000, "100,00"),
        ("label", "Clou", "Clou"),
        ("price_steps", [[10_000, 1], [20_000, 2]], "2 paliers"),
        ("family_id", 3, "3"),
    ],
)
def test_values_as_people_read_them(name: str, value: object, text: str) -> None:
    assert import_source.value_text("items", name, value) == text
