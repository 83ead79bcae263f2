"""A document on paper: who issues it, in which layout, with what the company chose to print."""

from __future__ import annotations

from dataclasses import replace

from codial_tui.domain.document import Document, Value
from codial_tui.domain.kinds import cited, doc_type
from codial_tui.domain.paper.compose import PaperSettings, paper_of
from codial_tui.domain.paper.issuer import Issuer, Waste, issuer_of
from codial_tui.domain.paper.paper import Paper
from codial_tui.domain.paper.print_layout import Layout, alternatives, layout, layout_names
from codial_tui.domain.paper.report_blocks import WorkPaper
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import DocType
from codial_tui.services.context import Context
from codial_tui.services.invoicing import buyers
from codial_tui.services.law import training
from codial_tui.services.records import settings


def issuer(context: Context, establishment_id: Value = None) -> Issuer:
    """Who issues a document: the company, with the address and bank of the establishment."""
    row = dict(settings.company(context))
    places = context.database.mapping(
        "SELECT * FROM establishment WHERE id = ?", (establishment_id,)
    )
    place = places or {}
    if place.get("street"):
        row.update({name: place[name] for name in _ADDRESS})
    row.update({name: place[name] for name in _OWN if place.get(name)})
    terms = settings.value(context, "issuer.terms") or {}
    own = issuer_of(row)
    return replace(
        own,
        late_rate=own.late_rate or str(terms.get("late_rate", "")),
        discount_terms=str(terms.get("discount_terms", "")),
        mediator=str(terms.get("mediator", "")),
    )


_ADDRESS = ("street", "street2", "postcode", "city", "country")
_OWN = ("siret", "phone", "email", "iban", "bic")
"""What an establishment may have of its own."""


def layouts(
    context: Context, kind: DocType, document: Document | None = None
) -> tuple[Layout, ...]:
    """The layouts a kind may be printed in, the usual one first: that of the document's nature,
    else the setting `print.layout.KIND`, else the one for works in a building company, else the
    declared one."""
    wanted = settings.value(context, f"print.layout.{kind.kind}", "")
    works = f"{kind.layout}_works"
    if wanted not in layout_names():
        building = context.edition == "building" and works in layout_names()
        wanted = works if building else kind.layout
    found = alternatives(wanted)
    nature = document.text("nature") if document is not None else ""
    return tuple(sorted(found, key=lambda one: nature not in one.usual_for))


def paper(
    context: Context,
    document: Document,
    *,
    layout_name: str = "",
    watermark: str = "",
    work: WorkPaper | None = None,
) -> Paper:
    """The document on paper, in its usual layout unless one is named. work: what only a work order
    has, in place of its own state."""
    document = buyers.completed(context, document)
    kind = doc_type(document.kind)
    chosen = layout(layout_name) if layout_name else layouts(context, kind, document)[0]
    options = PaperSettings(
        options_apart=bool(settings.value(context, "print.options_apart", True)),
        components=bool(settings.value(context, "print.components", False)),
        watermark=training.mark(context, watermark or _watermark(kind, document)),
        changed=_changed(context, document),
        origin=_origin(context, document),
        ordered=_ordered(context, document),
        payment_code=bool(settings.value(context, "print.payment_code", True)),
        quote_fee=int(settings.value(context, "quote.fee", 0)),
        waste=Waste(**(settings.value(context, "issuer.waste") or {})),
    )
    missing: list[Problem] = []
    if kind.kind == "work_order":
        from codial_tui.services.maintenance import report_photos, reports

        options = replace(options, work=work or reports.work_paper(context, document, chosen.name))
        missing = report_photos.problems(context, document)
    own = issuer(context, document.header.get("establishment_id"))
    if waste := document.text("waste_text"):  # this site's own, in place of the company's words
        own, options = replace(own, waste_mention=waste), replace(options, waste=Waste())
    found = paper_of(document, kind, chosen, own, options)
    return replace(found, problems=(*found.problems, *missing)) if missing else found


def _watermark(kind: DocType, document: Document) -> str:
    """PROVISOIRE on what gets its number when it is validated, before that."""
    given = kind.numbering.given == "validate"
    return "PROVISOIRE" if given and document.state == kind.initial else ""


def _changed(context: Context, document: Document) -> str:
    """The day on which lines or footer changed since the first print; "" when they did not."""
    if not document.header.get("printed_at"):
        return ""
    at = context.database.value(
        "SELECT MAX(s.at) FROM step s JOIN edit e ON e.step_id = s.id "
        "WHERE s.document_id = ? AND s.at > ? AND e.target IN ('line', 'adjustment')",
        (document.id, document.text("printed_at")),
    )
    return context.local(at).date().isoformat() if at else ""


def _ordered(context: Context, document: Document) -> dict[str, tuple[int, int]]:
    """What the order of each line asks for, and what of it was delivered before, 10⁻⁴: when this
    was printed, so that a second paper says the same."""
    at = document.text("printed_at") or "9999"
    return {
        uid: (quantity, before)
        for uid, quantity, before in context.database.rows(
            "SELECT t.uid, SUM(o.quantity), SUM(COALESCE((SELECT SUM(k2.quantity) "
            "FROM line_link k2 JOIN document_line l2 ON l2.id = k2.target_line_id "
            "JOIN document d2 ON d2.id = l2.document_id WHERE k2.source_line_id = o.id "
            "AND k2.pool = 'deliver' AND d2.id <> t.document_id "
            "AND d2.state IN ('printed', 'validated', 'posted') "
            "AND (d2.printed_at < ? OR (d2.printed_at = ? AND d2.id < ?) "
            "OR (d2.printed_at IS NULL AND (? = '9999' OR d2.id < ?)))), 0)) "
            "FROM line_link k JOIN document_line t ON t.id = k.target_line_id "
            "JOIN document_line o ON o.id = k.source_line_id "
            "WHERE t.document_id = ? AND k.relation = 'fulfil' GROUP BY t.uid",
            (at, at, document.id, at, document.id, document.id),
        )
    }


def _origin(context: Context, document: Document) -> str:
    """`commande CC26-00012 du 03/11/2026` of what comes from one document; several stand above
    their lines."""
    found = context.database.rows(
        "SELECT DISTINCT d.kind, d.number, d.date FROM transfer t "
        "JOIN document d ON d.id = t.source_id WHERE t.target_id = ? AND t.undone_at IS NULL",
        (document.id,),
    )
    if len(found) != 1 or not found[0][1]:
        return ""
    return cited(*found[0])
