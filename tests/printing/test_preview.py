"""The preview: the same words as the paper, never wider than the screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paper_sample import Lines, full_quote, long_quote, paper, quote

from codial_tui.domain.document import Line, LineType
from codial_tui.domain.paper.paper import Paper
from codial_tui.domain.paper.richtext import parse
from codial_tui.printing.preview import cells, preview


def test_the_drawing() -> None:
    """The rows of the drawn preview, with this document's words."""
    document = quote(delivery_street="", delivery_postcode="", delivery_city="", contact_name="")
    document.header.update(opening_text="", salesperson_name="")
    make = Lines()
    make.add(LineType.CHAPTER, "PLOMBERIE")
    make.item("Tube cuivre Ø12 barre 5 m", 12, 845, "ml", discounts=(100_000,))
    make.add(LineType.COMMENT, "Fixations comprises")
    make.item("Pose réseau cuivre", 16, 4800, "h")
    document.lines = make.lines
    assert preview(paper(document))[0] == (
        "  DÉMO SARL                                         DEVIS DE26-00042",
        "  8 quai Perrache, 69002 LYON                       LYON, le 9 novembre 2026",
        "  Tél. 04 78 00 00 00 – contact@demo.example        Valable jusqu'au 9/12/2026",
        "  SIRET 123 456 782 00010",
        "",
        "                                           MARTIN SARL",
        "                                           14 rue des Lilas",
        "                                           69003 LYON",
        "",
        "  Objet : Rénovation salle de bains",
        "  " + "─" * 76,
        "  N°   Désignation                          Qté  U   P.U. HT  Rem.  Montant HT",
        "  1    PLOMBERIE                                                        859,26",
        "  1.1  Tube cuivre Ø12 barre 5 m          12,00  ml     8,45   10%       91,26",
        "          Fixations comprises",
        "  1.3  Pose réseau cuivre                 16,00  h     48,00            768,00",
        "",
    )


def test_figures_without_room_stand_under_the_words() -> None:
    document = quote()
    document.lines = [
        Line(
            "x",
            label="Énorme",
            quantity=9 * 10**15,
            unit_price=9 * 10**15,
            unit="u",
            amount=8_999_999_999_999_999,
            basis="forced",
        )
    ]
    rows = [row for page in preview(paper(document)) for row in page]
    assert "  Énorme" in rows
    assert any("89 999 999 999 999,99" in row for row in rows)
    assert max(map(cells, rows)) <= 78


@pytest.mark.parametrize("name", ["quote", "quote_works"])
@pytest.mark.parametrize("apart", [True, False])
def test_never_wider_nor_higher_than_asked(name: str, apart: bool) -> None:
    printed = paper(full_quote(letter="mot " * 200), name, options_apart=apart, components=True)
    for width, height in ((78, 18), (60, 10), (118, 34)):
        pages = preview(printed, width, height)
        assert all(len(page) <= height for page in pages)
        assert max(cells(row) for page in pages for row in page) <= width


def words(printed: Paper) -> str:
    return " ".join(row.strip() for page in preview(printed) for row in page)


def test_everything_on_paper_is_in_the_preview() -> None:
    shown = words(paper(full_quote()))
    for wanted in (
        "DEVIS DE26-00042",
        "Adresse du chantier",
        "Fixations comprises",
        "Options et variantes",
        "(150,00)",
        "5 763,34 €",
        "Dont éco-contribution HT : 10,00 €",
        "Pénalités de retard",
        "Je soussigné(e)",
        "précédés de « Bon pour accord »",
        "RCS Lyon 123 456 782",
    ):
        assert wanted in shown, wanted


def test_a_heading_is_not_the_last_row_of_a_page() -> None:
    for before in range(12):
        document = quote()
        make = Lines()
        for index in range(before):
            make.item(f"Article {index}", 1, 100)
        make.add(LineType.CHAPTER, "LOIN")
        make.item("Première", 1, 100)
        document.lines = make.lines
        (page,) = [one for one in preview(paper(document)) if any("LOIN" in row for row in one)]
        assert any("Première" in row for row in page)


def test_letter_page_breaks_and_watermark() -> None:
    document = full_quote(letter="Bonjour **{client.nom}**")
    pages = preview(paper(document, watermark="PROVISOIRE"))
    assert "  Bonjour MARTIN SARL" in pages[0]
    assert not any("DEVIS" in row for row in pages[0])
    assert "*** PROVISOIRE ***" in " ".join(pages[1])


def test_escape_sequences_and_bidi_never_reach_the_terminal() -> None:
    document = quote(subject="\x1b]52;c;AAAA\x07 \u202egpj.exe [b]x[/b]", party_name="A\x9bB")
    make = Lines()
    make.item("漢字" * 40 + "\x1b[2J", 1, 100, long_text="a\x1b[31mb\nc")
    document.lines = make.lines
    printed = replace(paper(document), letter=parse("x\x1b]0;t\x07y"))
    pages = preview(printed)
    shown = "".join(row for page in pages for row in page)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert "\u202e" not in shown
    assert "[b]x[/b]" in shown
    assert max(cells(row) for page in pages for row in page) <= 78


def test_two_thousand_lines() -> None:
    pages = preview(paper(long_quote(2_000)))
    shown = [row for page in pages for row in page]
    assert sum("tube cuivre" in row for row in shown) == 2_000
