"""Which answer to a price request is taken, line by line: a line is bought of one supplier."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.domain.buying.price_answers import cheapest
from codial_tui.domain.chain.transfer import is_carried
from codial_tui.errors import refuse
from codial_tui.services.context import Context

from .price_requests import answers_of, check_open, compared, one_asked, writing


def choose(context: Context, request_id: int, chosen: Mapping[str, int | None]) -> None:
    """Take each line at a supplier, None at nobody. Raises Refused for one who gave no price."""
    with writing(context, request_id) as document:
        lines = {line.uid: line for line in document.lines if is_carried(line)}
        there = {(one.line_uid, one.supplier_id): one for one in answers_of(context, request_id)}
        for uid, supplier_id in chosen.items():
            check_open(context, document, lines, uid)
            if supplier_id is not None:
                who = one_asked(context, request_id, supplier_id)
                found = there.get((uid, supplier_id))
                if found is None or found.said.declined:
                    said = f"{who.name} n'a pas de prix pour « {lines[uid].label} »"
                    raise refuse("answer.none", said, "choisissez-en un autre")
        _mark(context, request_id, chosen)


def _mark(context: Context, request_id: int, chosen: Mapping[str, int | None]) -> None:
    own = "asked_id IN (SELECT id FROM price_asked WHERE request_id = ?"
    for uid, supplier_id in chosen.items():
        context.database.execute(
            f"UPDATE price_answer SET chosen = 0 WHERE line_uid = ? AND chosen = 1 AND {own})",
            (uid, request_id),
        )
        if supplier_id is not None:
            context.database.execute(
                "UPDATE price_answer SET chosen = 1 WHERE line_uid = ? AND "
                f"{own} AND supplier_id = ?)",
                (uid, request_id, supplier_id),
            )


def choose_supplier(context: Context, request_id: int, supplier_id: int) -> int:
    """Take at a supplier every line they have a price of; how many."""
    seen = compared(context, request_id)
    one_asked(context, request_id, supplier_id)
    wanted: dict[str, int | None] = {
        uid: supplier_id
        for uid, offers in seen.offers.items()
        if supplier_id in offers and uid not in seen.ordered
    }
    if not wanted:
        raise refuse("answer.none", "Ce fournisseur n'a donné aucun prix")
    choose(context, request_id, wanted)
    return len(wanted)


def choose_cheapest(context: Context, request_id: int) -> int:
    """Take every line where it is cheapest; how many have a price."""
    seen = compared(context, request_id)
    wanted: dict[str, int | None] = {
        uid: who for uid, who in cheapest(seen.offers).items() if uid not in seen.ordered
    }
    if not wanted:
        raise refuse("answer.none", "Aucune réponse avec un prix", "tapez-les d'abord")
    choose(context, request_id, wanted)
    return len(wanted)
