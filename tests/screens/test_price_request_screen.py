"""A price request by keys: suppliers asked, answers side by side, letters, orders."""

from __future__ import annotations

from pathlib import Path

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.services.documents import attachments


async def request_of(session: Session, *suppliers: str) -> None:
    """A request of 10 tubes and 4 free bends, its suppliers asked; the first one answers."""
    await session.press("f5", "h", "p", "enter")
    for text in ("tub12 10", ".Coude;4"):
        await session.type(text)
        await session.press("enter")
    await session.press("ctrl+g", "n")
    for text in suppliers:
        await session.type(text)
        await session.press("enter")
    await session.press(*["left"] * (len(suppliers) - 1))


async def answer(session: Session, *texts: str) -> None:
    for text in texts:
        await session.type(text)
        await session.press("enter")


async def test_prices_are_asked_compared_and_ordered(
    demo: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(attachments, "folder", lambda context, which: tmp_path)
    async with running(demo, monkeypatch) as session:
        await request_of(session, "rhone", "rexo")
        rows = session.rows()
        assert rows[0].startswith(" Demande de prix DP26-00001 · sans fournisseur · Ouverte")
        assert rows[2].split() == ["Désignation", "Qté", "►Rhône", "Sanita…", "REXO", "Négoce"]
        await session.press("f3", "p")
        assert session.rows()[22].startswith(" 2 PDF dans ")
        assert len(list(tmp_path.glob("Demande de prix DP26-00001 *.pdf"))) == 2
        assert " · Envoyée" in session.rows()[0]
        await answer(session, "4,9 -5% 8j", "non")
        await session.press("right", "up", "up")
        await answer(session, "4,5 min 12", "2")
        rows = session.rows()
        assert rows[3].split()[-4:] == ["10,00", "*", "46,55", "54,00"]
        assert rows[4].split()[-4:] == ["4,00", "non", "*", "8,00"]
        assert rows[18].split() == ["Total", "46,55", "62,00"]
        assert rows[18].index("62,00") == rows[3].index("54,00")  # under its column
        assert rows[19] == f" Sans réponse, ou non{'1 non':>43}"
        assert rows[20] == " Retenu 0,00 € · 2 lignes à choisir"
        await session.press("up")
        assert session.rows()[22] == (
            " REXO Négoce : 4,50 · minimum 12,00 · on en prendrait 12,00 · HT 54,00"
        )
        await session.press("f7", "m")
        assert session.rows()[22] == " 2 lignes retenues · F6 commande"
        assert session.rows()[20] == " Retenu 54,55 €"
        await session.press("f6")
        assert session.rows()[22] == " ? Commander : Rhône Sanitair 46,55, REXO Négoce 8,00 ? O/N"
        await session.press("o")
        assert session.rows()[22].startswith(" ? CF26-00001, CF26-00002 · noter ces prix dans les")
        await session.press("o")
        rows = session.rows()
        assert rows[0].startswith(" Commande fournisseur CF26-00001 · Rhône Sanitaire")
        assert rows[22] == " CF26-00001, CF26-00002 · 1 prix dans les tarifs"
        await session.press("escape")
        assert " · Close" in session.rows()[0]
        await session.type("5")
        await session.press("enter")
        assert session.rows()[22].startswith(" × DP26-00001 est close")
    database = demo.context.database
    assert database.rows(
        "SELECT d.number, d.party_code, l.quantity, l.unit_price, l.amount FROM document_line l "
        "JOIN document d ON d.id = l.document_id WHERE d.kind = 'purchase_order' ORDER BY d.id",
        (),
    ) == [
        ("CF26-00001", "F001", 10_0000, 4_9000, 46_55),
        ("CF26-00002", "F003", 4_0000, 2_0000, 8_00),
    ]
    noted = (
        "SELECT s.price, s.discount, s.delay_days, s.priced_at FROM item_supplier s JOIN party p "
    )
    noted += "ON p.id = s.supplier_id JOIN item i ON i.id = s.item_id "
    noted += "WHERE p.code = 'F001' AND i.reference = 'TUB12'"
    assert database.rows(noted, ()) == [(4_9000, 50_000, 8, "2026-11-09")]


@pytest.mark.long
async def test_into_an_open_order_and_taken_back(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await session.press("f5", "h", "c")
        await session.type("rexo")
        await session.press("enter")
        await session.type("tub12 1 x7")
        await session.press("enter", "escape")
        await request_of(session, "rexo")
        await answer(session, "5", "3")
        await session.press("f7", "t", "f6")
        rows = session.rows()
        assert rows[0].startswith(" REXO Négoce · 2 lignes à commander")
        assert "CF26-00001" in rows[3]
        await session.press("enter")
        assert session.rows()[22] == " ? Commander : REXO Négoce 62,00 ? O/N"
        await session.press("n")
        count = "SELECT COUNT(*) FROM document_line l JOIN document d ON d.id = l.document_id "
        count += "WHERE d.kind = 'purchase_order' AND l.item_id IS NOT NULL"
        assert demo.context.database.value(count, ()) == 1
        await session.press("f6", "enter", "o", "n")
        assert session.rows()[0].startswith(" Commande fournisseur CF26-00001 · REXO")
        assert demo.context.database.value(count, ()) == 2
        await session.press("ctrl+r")
        assert "annulé" in session.rows()[22]
        assert demo.context.database.value(count, ()) == 1
        await session.press("escape")
        assert " · Ouverte" in session.rows()[0]
        assert session.rows()[3].split()[-2:] == ["√*", "50,00"]


@pytest.mark.long
async def test_more_suppliers_than_fit_go_sideways(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await request_of(session, "rhone", "rexo", "f002", "f005")
        heads = session.rows()[2]
        assert "►Rhône" in heads and "REXO" in heads and "Matériaux" not in heads
        assert session.rows()[20].endswith("← → 1 autre")
        await session.press("right", "right", "right")
        heads = session.rows()[2]
        assert "►Matériaux" in heads and "Rhône" not in heads
        assert session.rows()[19].split()[4:] == ["2", "manquent"] * 3
        await answer(session, "1")
        await session.press("left", "left", "left", "up")
        assert session.rows()[22] == " Rhône Sanitaire Distribution : pas encore de réponse"
        await answer(session, "0")
        assert session.rows()[22] == " × Un prix est au-dessus de zéro · « non » : ne fournit pas"
        await session.press("ctrl+u")
        await answer(session, "inconnu")
        assert session.rows()[22] == " × Fournisseur « inconnu » introuvable · son code : F00012"


@pytest.mark.long
async def test_answers_are_erased_and_suppliers_withdrawn(
    demo: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(demo, monkeypatch) as session:
        await request_of(session)
        await session.press("f4")
        assert "REXO Négoce" in "".join(session.rows()[3:6])
        await session.type("rexo")
        await session.press("enter")
        assert session.rows()[22] == " Prix à demander à REXO Négoce · F3 envoie les demandes"
        await answer(session, "5")
        await session.press("up", "enter")
        assert session.rows()[3].split()[-2:] == ["√*", "50,00"]
        await session.press("enter")
        assert session.rows()[3].split()[-2:] == ["*", "50,00"]
        await session.press("f6")
        assert session.rows()[22].startswith(" × Aucune réponse n'est retenue")
        await answer(session, "6")
        assert session.rows()[3].split()[-2:] == ["*", "60,00"]
        await session.press("ctrl+r")
        assert session.rows()[22] == " Réponse annulée"
        assert session.rows()[3].split()[-2:] == ["*", "50,00"]
        await session.press("up", "delete")
        assert session.rows()[22] == " Réponse de REXO Négoce effacée"
        await session.press("delete")
        assert session.rows()[22] == " REXO Négoce n'est plus interrogé"
        assert "Personne n'est interrogé" in session.rows()[18]
        await session.press("f3")
        assert "Aperçu" in session.rows()[0]
