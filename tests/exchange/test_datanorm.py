"""DATANORM 5 from a real roofing maker's list, DATANORM 4 from records written here."""

from pathlib import Path

import pytest

from codial_tui.domain.problems import Invalid
from codial_tui.exchange.detection import detect
from codial_tui.exchange.formats import Row
from codial_tui.exchange.rows import read_rows

DATA = Path(__file__).parents[1] / "data"
WHOLE_LIST = Path(__file__).parents[3] / "shared/data/datanorm-roofing/DATANORM.001"
HEADER_4 = "V 010226" + "Rexo".ljust(115) + "04EUR"


def write(tmp_path: Path, *lines: str, header: str = HEADER_4) -> Path:
    path = tmp_path / "DATANORM.001"
    path.write_bytes("\r\n".join([header, *lines, "\x1a"]).encode("cp850"))
    return path


def read(path: Path) -> list[Row]:
    return list(read_rows(detect(path), None, "items"))


def codes(row: Row) -> list[str]:
    return [problem.code for problem in row.problems]


def test_the_roofing_list() -> None:
    source = detect(DATA / "datanorm-sample.001")
    assert (source.kind, source.encoding, source.rows) == ("datanorm5", "cp850", 15)
    assert source.problems == ()
    rows = read(DATA / "datanorm-sample.001")
    assert len(rows) == 15
    assert rows[0] == Row(
        2,
        {
            "reference": "2TOP",
            "label": "OMEGA UDOs 330 TopGrip Dachbahn 1,50 x 3 1,5m x 30 m",
            "unit": "m²",
            "family": "Dachbahnen",
            "ean": "9120090200379",
            "price": 89_400,  # 894 cents
            "price_per": 10_000,
            "price_kind": "net",
            "price_date": "2025-04-15",
            "price_steps": ((450_000, 62_600), (9_000_000, 58_100), (18_000_000, 53_600)),
        },
    )
    found = {row.values["reference"]: row.values for row in rows}
    assert found["2OM240"]["unit"] == "u" and found["2OM240"]["price_kind"] == "gross"
    assert found["4ES110"]["label"] == "Entlüftungsstutzen für Unterdachfolie Ø  Ø 110 mm"
    assert found["3AIRLÖS"]["price_steps"] == ((10_000, 98_700), (120_000, 84_600))
    assert "ean" not in found["6WSH2"]
    assert "price_steps" not in found["2OMSTV"]


def test_a_step_of_nothing_at_no_price_is_no_gift() -> None:
    found = {row.values["reference"]: row.values for row in read(DATA / "datanorm-sample.001")}
    assert found["2OM330P"]["price_steps"] == ((7_500_000, 39_900), (15_000_000, 36_800))
    assert "price_steps" not in found["3BG11202"] or all(
        price
        for _, price in found["3BG11202"]["price_steps"]  # type: ignore[union-attr]
    )


@pytest.mark.skipif(not WHOLE_LIST.exists(), reason="the full roofing list is not here")
def test_the_whole_roofing_list() -> None:
    rows = read(WHOLE_LIST)
    assert len(rows) == 310
    assert not any(row.problems for row in rows)
    assert sum(len(row.values.get("price_steps", ())) for row in rows) == 781 - 14  # type: ignore[arg-type]
    assert all(isinstance(row.values["price"], int) for row in rows)


def test_a_cut_file_says_so(tmp_path: Path) -> None:
    whole = (DATA / "datanorm-sample.001").read_bytes()
    path = tmp_path / "cut.001"
    path.write_bytes(whole.replace(b"E;53;", b"E;54;"))
    (problem,) = detect(path).problems
    assert (problem.code, problem.level) == ("import.row_count", "warning")
    assert problem.message == "53 enregistrements, 54 annoncés : fichier coupé ?"


def test_version_4(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "S;;ROB;Robinetterie;;;;",
        "T;N;T1;;1;;Corps en laiton;;;chromé;",
        "A;N;ROB12;50;Mitigeur évier;bec haut;1;0;Stck;12345;R1;ROB;T1;",
        "B;N;ROB12;MITIG; ; ;0;0;0;4006381333931; ; ;0;1; ; ;",
        "A;N;VIS;00;Vis à bois;;2;2;Stck;1250;;VIS;;",
        "A;L;OLD;00;Ancien;;1;0;m;100;;;;",
    )
    source = detect(path)
    assert (source.kind, source.encoding, source.rows) == ("datanorm4", "cp850", 3)
    mixer, screw, old = read(path)
    assert mixer.values == {
        "reference": "ROB12", "label": "Mitigeur évier bec haut", "ean": "4006381333931",
        "unit": "u", "price": 1_234_500, "price_per": 10_000, "price_kind": "gross",
        "family": "Robinetterie", "long_label": "Corps en laiton\nchromé",
        "price_date": "2026-02-01",
    }  # fmt: skip
    assert (screw.values["price"], screw.values["price_per"]) == (125_000, 1_000_000)
    assert screw.values["price_kind"] == "net"
    assert old.values["stopped"] is True
    assert not any(row.problems for row in (mixer, screw, old))


def test_records_away_from_their_article_are_partial(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "A;N;A1;00;Un;;1;0;m;100;;;;",
        "A;N;A2;00;Deux;;1;0;m;200;;;;",
        "B;N;A1;;;;0;0;0;4006381333931;;;;;;;",
        "B;N;A2;;;;0;0;0;4006381333932;;;;;;;",
    )
    rows = read(path)
    assert [(row.values["reference"], row.partial) for row in rows] == [
        ("A1", False), ("A2", False), ("A1", True), ("A2", True),
    ]  # fmt: skip
    assert rows[2].values == {"reference": "A1", "ean": "4006381333931"}
    assert codes(rows[3]) == ["ean.check_digit"]


def test_price_records_with_discounts(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "P;A;A1;1;39000;1;5500;;;;;A2;2;25521;;;;;;;A3;1;42300;1;1000;1;500;;;",
        "P;A;B1;1;1000;2;850;3;200;;;",
        "P;A;C1;1;1000;0;RG12;;;;;",
        "P;A;D1;1;1000;0;12;;;;;",
    )
    rows = read(path)
    assert [row.partial for row in rows] == [True] * 6
    assert rows[0].values == {
        "reference": "A1", "price": 3_900_000, "price_kind": "gross", "purchase_price": 1_755_000,
    }  # fmt: skip
    assert rows[1].values == {"reference": "A2", "price": 2_552_100, "price_kind": "net"}
    assert rows[2].values["purchase_price"] == 3_616_650  # 423.00 × 0.90 × 0.95
    assert rows[3].values["purchase_price"] == 86_700  # 10.00 × 0.850 × 1.02
    assert "purchase_price" not in rows[4].values
    assert codes(rows[5]) == ["datanorm.discount_group"]


def test_what_is_wrong_is_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "A;N;A1;00;Un;;1;7;m;100;;;;",
        "A;N;A2;00;Deux;;1;0;m;8,94;;;;",
        "A;N;A3;00;Trois;;1;0;m;-100;;;;",
        "A;N;A4;00;Quatre;;1;0;m;" + "9" * 5000 + ";;;;",
        "A;N;;00;Cinq;;1;0;m;100;;;;",
        "A;X;A6;A7;;;;;;;;;;",
        "A;N;" + "R" * 70 + ";00;Sept;;1;0;m;100;;;;",
        "A;N;A8",
        "A;N;A9;00;Neuf;;1;0;m;0;;;;",
    )
    rows = read(path)
    assert [codes(row) for row in rows] == [
        ["price_per.unreadable"], ["price.unreadable"], ["price.negative"], ["price.too_big"],
        ["reference.missing"], ["datanorm.renumbered"], ["reference.too_long"], [], [],
    ]  # fmt: skip
    assert rows[1].raw == {"price": "8,94"}
    assert "price" not in rows[8].values


def test_steps_that_cannot_be_taken(tmp_path: Path) -> None:
    article = "A;N;{0};Un;;MTR;1;{1};1000;001;G;Groupe;;;;;;;;;;;;;;;;;;"
    step = "Z;N;{0};01;1;;;{1};+;1;{2};{3};;1;{4};99;"
    path = write(
        tmp_path,
        article.format("A1", 1), step.format("A1", 3, 1, 500, 10),
        article.format("A2", 100), step.format("A2", 1, 1, 500, 10),
        article.format("A3", 1), step.format("A3", 1, 1, 500, 10), step.format("A3", 1, 1, 400, 10),
        article.format("A4", 1), step.format("A4", 1, 1, "4,00", 10),
        article.format("A5", 100), step.format("A5", 1, 100, 900, "2,5"),
        step.format("ZZ", 1, 100, 900, 5),
        header="V;050;A;20260201;EUR;;;;;;;;;;;",
    )  # fmt: skip
    rows = read(path)
    assert [codes(row) for row in rows] == [
        ["price_step.surcharge"], ["price_step.unit"], ["price_step.twice"],
        ["price.unreadable"], [], [],
    ]  # fmt: skip
    assert [row.refused for row in rows] == [False, True, True, True, False, False]
    assert rows[4].values["price_steps"] == ((25_000, 90_000),)
    assert rows[5].partial and rows[5].values["price_per"] == 1_000_000


def test_another_currency_and_another_kind_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "A;N;A1;00;Un;;1;0;m;100;;;;", header=HEADER_4[:-3] + "CHF")
    with pytest.raises(Invalid) as caught:
        detect(path)
    assert caught.value.problems[0].code == "import.currency"
    with pytest.raises(Invalid) as caught:
        read_rows(detect(DATA / "datanorm-sample.001"), None, "customers")
    assert caught.value.problems[0].code == "import.wrong_kind"


def test_what_is_not_read_is_listed(tmp_path: Path) -> None:
    path = write(tmp_path, "A;N;A1;00;Un;;1;0;m;100;;;;", "R;;RG1;10;;;", "R;;RG2;20;;;")
    (problem,) = detect(path).problems
    assert problem.message == "2 groupes de remise non repris"
    assert problem.level == "warning"


def test_a_datanorm_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "DATANORM.001"
    path.write_text(HEADER_4 + "\nA;N;A1;00;Tür;;1;0;m;100;;;;\n", "utf-8-sig")
    assert [row.values["label"] for row in read(path)] == ["Tür"]


def test_a_list_of_columns_a_b_c_is_no_datanorm(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("A;B;C;D;E;F;G;H\n1;2;3;4;5;6;7;8\n", "utf-8")
    assert detect(path).kind == "csv"
