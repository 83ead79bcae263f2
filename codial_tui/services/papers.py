"""A document on paper: who issues it, in which layout, with what the company chose to print."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from codial_tui.domain.compose import PaperSettings, paper_of
from codial_tui.domain.document import Document, Value
from codial_tui.domain.issuer import Issuer, Waste, issuer_of
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.paper import Paper
from codial_tui.domain.print_layout import Layout, alternatives, layout, layout_names
from codial_tui.domain.spec import DocType

from . import settings
from .context import Context


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
    context: Context, document: Document, *, layout_name: str = "", watermark: str = ""
) -> Paper:
    """The document on paper, in its usual layout unless one is named."""
    kind = doc_type(document.kind)
    chosen = layout(layout_name) if layout_name else layouts(context, kind, document)[0]
    options = PaperSettings(
        options_apart=bool(settings.value(context, "print.options_apart", True)),
        components=bool(settings.value(context, "print.components", False)),
        watermark=watermark or _watermark(kind, document),
        changed=_changed(context, document),
        origin=_origin(context, document),
        quote_fee=int(settings.value(context, "quote.fee", 0)),
        waste=Waste(**(settings.value(context, "issuer.waste") or {})),
    )
    own = issuer(context, document.header.get("establishment_id"))
    if waste := document.text("waste_text"):  # this site's own, in place of the company's words
        own, options = replace(own, waste_mention=waste), replace(options, waste=Waste())
    return paper_of(document, kind, chosen, own, options)


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
    return datetime.fromisoformat(at).astimezone().date().isoformat() if at else ""


def _origin(context: Context, document: Document) -> str:
    """`commande CC26-00012 du 03/11/26` of what comes from one document; several stand above
    their lines."""
    found = context.database.rows(
        "SELECT DISTINCT d.kind, d.number, d.date FROM transfer t "
        "JOIN document d ON d.id = t.source_id WHERE t.target_id = ? AND t.undone_at IS NULL",
        (document.id,),
    )
    if len(found) != 1 or not found[0][1]:
        return ""
    kind, number, day = found[0]
    return f"{doc_type(kind).title.lower()} {number} du {day[8:10]}/{day[5:7]}/{day[:4]}"
