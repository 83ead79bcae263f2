"""Every kind of the chain: made from JSON, printed, given up, switched off by an edition."""

import json
from pathlib import Path

import pytest
from chain_desk import Desk, net, quantities

from codial_tui.domain.kinds import doc_type, doc_types, outbound
from codial_tui.errors import Refused
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain import giving_up, merging
from codial_tui.services.context import Context
from codial_tui.services.documents import requests, show
from codial_tui.services.documents.editing import Editor
from codial_tui.services.lists.mark_sql import MARK_SQL
from codial_tui.services.paper import printing

KINDS = ("quote", "order", "delivery_note", "invoice", "execution_quote")
EDITIONS = [
    f"{trade}+{size}"
    for trade in ("trade", "services", "building")
    for size in ("sme", "enterprise")
]


@pytest.fixture
def desk(context: Context, tmp_path: Path) -> Desk:
    desk = Desk(context, tmp_path)
    desk.customer("MARTIN")
    desk.item("TUBE", "3.33")
    return desk


def codes(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.code, one.field) for one in error.value.problems]


# -- giving up the rest ------------------------------------------------------------------------


@pytest.mark.both
def test_an_order_gives_up_its_rest_and_is_closed_not_settled(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 10))
    note = desk.print(desk.move(order, "delivery_note", {0: "4"}))
    editor = Editor(desk.context, order.id)
    giving_up.give_up(editor)
    shown = show.shown(desk.context, desk.again(order))
    assert shown["marks"] == ["closed"]
    for kind in ("delivery_note", "invoice"):  # what was not delivered is not billed by the order
        with pytest.raises(Refused):
            editor.close()
            desk.move(order, kind, {0: "5"})
    assert quantities(desk.move(order, "invoice")) == [4]
    assert desk.progress(order) == ("part", "full") and desk.progress(note)[1] == "full"
    editor = Editor(desk.context, order.id)
    with pytest.raises(Refused) as caught:
        giving_up.give_up(editor)
    assert codes(caught) == [("order.given_up", "")]
    giving_up.reopen(editor)
    assert desk.progress(order) == ("part", "part")
    editor.undo()
    assert desk.progress(order) == ("part", "full")
    editor.undo()
    assert desk.again(order).header["given_up_at"] is None
    editor.close()
    assert quantities(desk.move(order, "delivery_note")) == [6]
    assert desk.progress(note)[1] == "none"  # the order has more to bill again


def test_an_order_that_gave_up_takes_no_more_and_says_so(desk: Desk) -> None:
    """Still « ouverte », it must not be refused for that."""
    order = desk.make("order", ("TUBE", 10))
    editor = Editor(desk.context, order.id)
    giving_up.give_up(editor)
    editor.close()
    (found,) = merging.candidates(desk.context, desk.make("quote", ("TUBE", 1)), doc_type("order"))
    assert found.group == "refused"
    assert [(one.code, one.target) for one in found.criteria] == [
        ("target_state", "reste abandonné")
    ]


def test_what_has_no_rest_cannot_give_it_up(desk: Desk) -> None:
    note = desk.make("delivery_note", ("TUBE", 1))
    order = desk.make("order", ("TUBE", 1))
    desk.print(desk.move(order, "delivery_note"))
    for document in (note, order):
        editor = Editor(desk.context, document.id)
        with pytest.raises(Refused):
            giving_up.give_up(editor)
        with pytest.raises(Refused):
            giving_up.reopen(editor)
        editor.close()


# -- from JSON ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["quote", "order", "delivery_note", "invoice"])
def test_every_kind_comes_from_json_with_negative_quantities(desk: Desk, kind: str) -> None:
    made = desk.make(
        kind,
        {"type": "chapter", "label": "Lot 1", "level": 1},
        ("TUBE", "-2.5"),
        ("Pose", 3, "10"),
        {"type": "comment", "label": "Merci"},
        adjustments=[{"type": "billing_fee", "amount": "5"}],
    )
    assert (made.kind, made.state) == (kind, doc_type(kind).initial)
    assert net(made) == -833 + 3000 + 500
    assert (
        made.ref
        == {
            "quote": "DE26-00001",
            "order": "CC26-00001",
            "delivery_note": "BL26-00001",
            "invoice": f"FA-P{made.id}",
        }[kind]
    )


def test_a_web_order_comes_once_and_is_marked(desk: Desk) -> None:
    asked = {"external_id": "shop-1", "planned_date": "2026-12-01"}
    first = desk.make("order", ("TUBE", 1), **asked)
    again = desk.make("order", ("TUBE", 1), **asked)
    assert again.id == first.id and first.header["is_web"] == 1
    assert first.text("planned_date") == "2026-12-01"
    sql = MARK_SQL["order_web"].replace("?", "'2027'")
    found = desk.context.database.rows(
        f"SELECT d.id FROM document d JOIN document_order s ON s.document_id = d.id WHERE {sql}"
    )
    assert found == [(first.id,)]
    assert desk.make("order", ("TUBE", 1), web=True).header["is_web"] == 1
    assert not desk.make("order", ("TUBE", 1)).header["is_web"]
    assert not desk.make("order", ("TUBE", 1), external_id="x", web=False).header["is_web"]


def test_only_an_internal_note_has_no_customer(desk: Desk) -> None:
    made = desk.make("delivery_note", ("TUBE", 2), customer=None, nature="internal")
    printed = desk.print(made)
    assert printed.state == "printed" and desk.on_hand(made.lines[0].item_id or 0) == -2
    with pytest.raises(Refused) as caught:
        desk.move(printed, "invoice")
    assert caught.value.problems[0].code == "transfer.not_ready"
    for kind, values in (("delivery_note", {}), ("order", {}), ("invoice", {})):
        with pytest.raises(Refused) as refused:
            desk.make(kind, ("TUBE", 1), customer=None, **values)
        assert codes(refused) == [("party.missing", "customer")]


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("quote", "web", True),
        ("order", "nature", "internal"),
        ("invoice", "nature", "return"),
        ("delivery_note", "nature", "direct"),
    ],
)
def test_what_a_kind_does_not_have_is_refused(desk: Desk, kind: str, key: str, value: str) -> None:
    with pytest.raises(Refused) as caught:
        desk.make(kind, ("TUBE", 1), **{key: value})
    assert codes(caught) == [("json.unknown_key", key)]


# -- on paper ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_paper(desk: Desk, kind: str) -> None:
    if kind == "execution_quote":
        desk.context.size = "enterprise"
        made = desk.move(desk.make("quote", ("TUBE", 3)), kind)
    else:
        made = desk.make(kind, ("TUBE", 3))
    text = "\n".join(line for page in printing.preview(desk.context, made) for line in page)
    assert doc_type(kind).title.upper() in text and "Article TUBE" in text
    assert ("PROVISOIRE" in text) == (kind == "invoice")
    assert printing.pdf_bytes(desk.context, made).startswith(b"%PDF-")
    refused = {"invoice": "state.not_validated", "execution_quote": "print.never"}.get(kind)
    if refused is None:
        assert desk.print(made).header["printed_at"]
        return
    with pytest.raises(Refused) as caught:
        desk.print(made)
    assert caught.value.problems[0].code == refused
    assert not desk.again(made).header["printed_at"]


def test_an_order_printed_again_says_that_it_changed(desk: Desk) -> None:
    order = desk.make("order", ("TUBE", 3))

    def paper() -> str:
        return " ".join(printing.paper(desk.context, desk.again(order)).facts)

    desk.print(order)
    assert "Modifiée" not in paper() and desk.again(order).state == "processed"
    later = desk.context.clock()
    desk.context.clock = lambda: later.replace(day=24)
    desk.set(order, notes="rien d'imprimé")
    assert "Modifiée" not in paper()
    desk.edit(order, 0, quantity=50_000)
    assert "Modifiée le 24/11/2026" in paper()


def test_an_execution_quote_accepts_its_quote_as_any_transfer_does(desk: Desk) -> None:
    desk.context.size = "enterprise"
    quote = desk.make("quote", ("TUBE", 3))
    copy = desk.move(quote, "execution_quote")
    assert desk.again(quote).state == "accepted" and desk.pool(quote, "order") == []
    assert desk.undo(copy) and desk.again(quote).state == "pending"
    desk.set(quote, state="refused")
    with pytest.raises(Refused) as caught:
        desk.move(desk.again(quote), "execution_quote")
    assert codes(caught) == [("transfer.not_ready", "")]


# -- editions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_kind_switched_off_is_nowhere_and_old_documents_stay_readable(
    desk: Desk, edition: str
) -> None:
    context = desk.context
    context.size = "enterprise"
    quote = desk.make("quote", ("TUBE", 3))
    old = desk.move(quote, "execution_quote")
    context.edition, context.size = edition.split("+")
    on = context.size == "enterprise"
    assert ("execution_quote" in {one.kind for one in doc_types(context.editions)}) == on
    for source in ("quote", "order"):
        targets = {one.kind for one, _ in outbound(source, context.editions)}
        assert ("execution_quote" in targets) == on
    assert {"quote", "order", "delivery_note", "invoice"} <= {
        one.kind for one in doc_types(context.editions)
    }
    if on:
        assert desk.move(quote, "execution_quote").kind == "execution_quote"
    else:
        with pytest.raises(Refused) as caught:
            desk.move(quote, "execution_quote")
        assert codes(caught) == [("kind.off", "kind")]
        asked = {"kind": "execution_quote", "customer": "MARTIN", "lines": []}
        with pytest.raises(Refused) as refused:
            requests.create(context, parse_document(json.dumps(asked)))
        assert codes(refused) == [("kind.off", "kind")]
    assert show.shown(context, desk.again(old))["lines"][0]["label"] == "Article TUBE"
    assert printing.preview(context, desk.again(old))
