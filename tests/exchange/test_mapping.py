"""Column mappings: guessed, saved, loaded, refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.fields import ITEM_FIELDS, PARTY_FIELDS, key, label_of
from codial_tui.exchange.formats import RowKind
from codial_tui.exchange.mapping import Mapping, guess_mapping, load_mapping, save_mapping

DATA = Path(__file__).parents[1] / "data"


def guess(tmp_path: Path, header: str, kind: RowKind) -> dict[str, object]:
    path = tmp_path / "liste.csv"
    path.write_text(header + "\n" + ";".join("x" for _ in header.split(";")) + "\n", "utf-8")
    return dict(guess_mapping(detect(path), kind).columns)


def refused_code(call: object) -> str:
    assert callable(call)
    with pytest.raises(Invalid) as caught:
        call()
    return caught.value.problems[0].code


def test_customers_as_the_command_line_promises(tmp_path: Path) -> None:
    assert guess(tmp_path, "code;nom;adresse;code postal;ville;siren", "customers") == {
        "code": "code",
        "name": "nom",
        "street": "adresse",
        "postcode": "code postal",
        "city": "ville",
        "siren": "siren",
    }


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Code article;Désignation;Gencod;PV HT;PA HT;Unité;Famille;TVA;Éco-contribution",
            "reference label ean sale_price purchase_price unit family vat_rate eco_contribution",
        ),
        ("Réf.;Libellé;CIP13;Prix", "reference label ean price"),
        ("RÉFÉRENCE;DESCRIPTION;Code EAN;Prix de vente HT (€)", "reference label ean sale_price"),
        ("Réf;Libellé;P.V. H.T.;P.U.;P. A.", "reference label sale_price price purchase_price"),
        ("sku;label;GTIN-13;Prix d'achat;Prix par", "reference label ean purchase_price price_per"),
        ("Réf;Désignation;Prix HT;Marque;Réf. fournisseur",
         "reference label price brand supplier_reference"),
    ],
)  # fmt: skip
def test_headers_of_price_lists(tmp_path: Path, header: str, expected: str) -> None:
    found = guess(tmp_path, header, "items")
    assert dict(zip(expected.split(), header.split(";"))) == found


def test_a_price_with_tax_is_not_taken_for_one_without(tmp_path: Path) -> None:
    assert "price" not in guess(tmp_path, "ref;libelle;Prix TTC;PV TTC", "items")


def test_a_selling_price_beats_a_bare_one_and_no_column_serves_twice(tmp_path: Path) -> None:
    found = guess(tmp_path, "ref;libelle;prix;prix de vente", "items")
    assert (found["sale_price"], found["price"]) == ("prix de vente", "prix")


def test_no_header_is_announced_by_two_fields() -> None:
    for fields in (ITEM_FIELDS, PARTY_FIELDS):
        names = [name for field in fields for name in field.headers]
        assert len(names) == len(set(names))
        assert all(key(name) == name for name in names)


def test_a_file_without_header_needs_a_mapping() -> None:
    source = detect(DATA / "bdpm-500.txt")
    assert refused_code(lambda: guess_mapping(source, "items")) == "import.mapping_needed"


def test_formats_that_name_their_fields_show_them() -> None:
    mapping = guess_mapping(detect(DATA / "datanorm-sample.001"), "items")
    assert mapping.columns["price_per"] == "price_per"
    assert [label_of(name, "items") for name in ("price", "price_steps", "price_per")] == [
        "Prix HT", "Paliers de prix", "Prix par",
    ]  # fmt: skip


def test_what_we_ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("bdpm", "bdpm.toml"):
        mapping = load_mapping(name)
        assert mapping.columns == {"reference": 2, "label": 3, "ean": 7, "price": 10}
        assert (mapping.kind, mapping.decimal, mapping.header) == ("items", ",", False)


def test_a_file_of_the_same_name_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bdpm.toml").write_text('kind = "items"\n[columns]\nreference = 1\n', "utf-8")
    assert load_mapping("bdpm.toml").columns == {"reference": 1}


columns = st.one_of(st.integers(1, 500), st.text(min_size=1).filter(lambda text: text < "\ud800"))


@given(
    st.dictionaries(st.sampled_from([field.name for field in ITEM_FIELDS]), columns),
    st.dictionaries(st.sampled_from(["unit", "vat_rate"]), st.text()),
    st.sampled_from([None, ",", "."]),
    st.booleans(),
    st.sampled_from([None, True, False]),
)
def test_saved_then_loaded_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    chosen: dict[str, str | int],
    constants: dict[str, str],
    decimal: str | None,
    cents: bool,
    header: bool | None,
) -> None:
    chosen.setdefault("reference", 'Réf. "article"\\\n')
    mapping = Mapping("items", chosen, constants, decimal, cents, header)
    path = tmp_path_factory.mktemp("map") / "essai.toml"
    save_mapping(mapping, path)
    assert load_mapping(path) == mapping


@pytest.mark.parametrize(
    "content",
    [
        "kind = [",
        "[columns]\nreference = 1",
        'kind = "things"\n[columns]\nreference = 1',
        'kind = "items"',
        'kind = "items"\n[columns]\nreference = 0',
        'kind = "items"\n[columns]\nreference = true',
        'kind = "items"\n[columns]\nreference = ""',
        'kind = "items"\n[columns]\nreference = 1\ncolour = 2',
        'kind = "items"\nspeed = 9\n[columns]\nreference = 1',
        'kind = "items"\ndecimal = "!"\n[columns]\nreference = 1',
        'kind = "items"\n[columns]\nreference = 1\n[constants]\nunit = 3',
        'kind = "items"\ncents = 1\n[columns]\nreference = 1',
    ],
)
def test_a_mapping_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "faux.toml"
    path.write_text(content, "utf-8")
    assert refused_code(lambda: load_mapping(path)) == "import.mapping_invalid"


def test_a_mapping_without_the_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sans.toml"
    path.write_text('kind = "items"\n[columns]\nlabel = 1\n', "utf-8")
    assert refused_code(lambda: load_mapping(path)) == "import.mapping_needed"


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    for name in ("nulle-part", "../../pyproject", str(tmp_path / "absent.toml"), "x\0y"):
        assert refused_code(lambda name=name: load_mapping(name)) == "import.mapping_not_found"
    (tmp_path / "latin.toml").write_bytes(b"kind = '\xe9'")
    assert refused_code(lambda: load_mapping(tmp_path / "latin.toml")) == "import.mapping_invalid"


def test_a_mapping_that_cannot_be_written(tmp_path: Path) -> None:
    mapping = Mapping("items", {"reference": 1})
    assert refused_code(lambda: save_mapping(mapping, tmp_path)) == "import.mapping_unwritable"
