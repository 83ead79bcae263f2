"""What happens when the report of a work order comes back, signed or sent by a program: it closes
by itself, or is held with what differs from its order (domain.md §8; seed 004)."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.maintenance import report_check
from codial_tui.domain.maintenance.report_check import Counted
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, rows
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company_settings

from . import closing

SETTING = "work.report_check"
HELD = "held"


class Outcome(NamedTuple):
    """What became of a report. reasons: why it is held, in French."""

    closed: bool
    reasons: tuple[str, ...] = ()


def check(context: Context, what: Editor | int) -> Outcome:
    """Close a work order whose report passes, else hold it; nothing when the company checks none
    or it is not open."""
    mode = str(company_settings.value(context, SETTING))
    document = what.document if isinstance(what, Editor) else rows.load(context.database, what)
    if mode == report_check.NONE or document is None or not closing.closes(document.kind):
        return Outcome(False)
    if document.state != doc_type(document.kind).initial:
        return Outcome(document.state == "closed")
    ordered = _ordered(context, document)
    if not report_check.passes(mode, ordered, report_check.articles(document)):
        return _hold(context, document, reasons(context, document))
    try:
        closing.close(context, what if isinstance(what, Editor) else document)
    except Refused as refused:
        return _hold(context, document, [one.message for one in refused.problems])
    return Outcome(True)


def reasons(context: Context, document: Document) -> list[str]:
    """What differs between a report and the order it works for, in French."""
    ordered = _ordered(context, document)
    if ordered is None:
        return []
    return report_check.differences(ordered, report_check.articles(document)) or [
        "Le bon travaille pour une commande"
    ]


def shown(context: Context, document: Document) -> dict[str, object]:
    """As `document show` has it: the result, and the differences of a report that is held."""
    if document.text("check_result") != HELD:
        return {"result": "", "differences": []}
    found = reasons(context, document)
    if not found:  # nothing differs: closing it was refused
        wrong = [*closing.problems(context, document), *closing.shortages(context, document)]
        found = [one.message for one in wrong]
    return {"result": HELD, "differences": found}


def _ordered(context: Context, document: Document) -> dict[str, Counted] | None:
    order_id = document.number("order_id")
    order = rows.load(context.database, order_id) if order_id else None
    return report_check.articles(order) if order is not None else None


def _hold(context: Context, document: Document, found: list[str]) -> Outcome:
    with context.database.write():
        context.database.execute(
            "UPDATE document_work_order SET check_result = ? WHERE document_id = ?",
            (HELD, document.id),
        )
        text = f"Rapport retenu : {' · '.join(found)}"
        documents.log_event(context, document, "note", text[:500])
    document.header["check_result"] = HELD
    return Outcome(False, tuple(found))
