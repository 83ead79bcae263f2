"""Documents asked for as data (`exchange.documents`): a request becomes a stored document.

Whatever is wrong is told at once, each problem with the path of its value; nothing is written
then. The kind's declaration decides which party, rules and number it gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from codial_tui.domain.changes import apply
from codial_tui.domain.document import Document, Value
from codial_tui.domain.kinds import doc_type, doc_types
from codial_tui.domain.lines.recompute import recompute
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.rules import Facts
from codial_tui.domain.rules import check as check_rules
from codial_tui.domain.spec import DocType, Side
from codial_tui.domain.text import fold
from codial_tui.errors import Refused, refuse
from codial_tui.exchange.documents import DocumentRequest, PartyRequest
from codial_tui.services.context import Context
from codial_tui.services.maintenance import followed_order
from codial_tui.services.records import company, parties

from . import documents
from .request_lines import LineMaker, adjust, assemble, known_rates
from .request_machines import add_machines, add_parts_used, register
from .request_parts import attach, by_code, saved_party
from .rows import load

PARTY_KEYS = {Side.SALE: "customer", Side.PURCHASE: "supplier"}
"""Which key of a request names the party of a side; an internal document has none."""


def create(context: Context, request: DocumentRequest) -> Document:
    """The stored document a request asks for; the one that is there already when its
    `external_id` is used. Raises Refused with every problem."""
    known = _by_external_id(context, request)
    if known is not None:
        return known
    document = build(context, request)
    try:
        document_id = documents.insert(context, document)
    except Refused:
        known = _by_external_id(context, request)  # another program was quicker
        if known is None:
            raise
        return known
    if request.visits or request.parts_used:
        from codial_tui.services.maintenance import returning

        returning.check(context, document_id)
    stored = load(context.database, document_id)
    assert stored is not None
    return stored


def _by_external_id(context: Context, request: DocumentRequest) -> Document | None:
    if not request.external_id:
        return None
    found = context.database.value(
        "SELECT id FROM document WHERE external_id = ?", (request.external_id,)
    )
    return load(context.database, found) if found else None


def build(
    context: Context, request: DocumentRequest, assemblies: Mapping[int, int] | None = None
) -> Document:
    """The document in memory; a party with `save` is stored and machines that the register does
    not know, nothing else is.

    assemblies: index of a line that is an ad hoc assembly → how many of the lines behind it are
    its components, whose quantities are then for one assembly. Raises Refused.
    """
    kind = _kind(context, request)
    problems: list[Problem] = []
    document = documents.blank(context, kind.kind)
    party = _party(context, request, kind, problems)
    if isinstance(party, int):
        document = documents.blank(context, kind.kind, party)
    elif party is not None:
        document.header.update(_own_copy(party))
    _header(context, document, request)
    problems += _own_fields(context, document, kind, request)
    if request.price_decimals is None:
        problems += request.price_problems(document.price_decimals)
    rates = known_rates(context)
    maker = LineMaker(context, document, rates, problems)
    groups = [maker.lines(index, one) for index, one in enumerate(request.lines)]
    assemble(groups, assemblies or {})
    document.lines = [line for group in groups for line in group]
    used = add_parts_used(maker, kind, request, problems)
    adjust(context, document, request, rates, problems)
    attach(context, document, kind, request, problems)
    add_machines(context, document, kind, request, used, problems)
    followed_order.cover(context, document)
    if not problems:
        problems += _recomputed(document)
    if problems:
        raise Refused(*problems)
    if isinstance(party, PartyRequest) and party.save:
        document.header.update(parties.snapshot(context, _saved(context, party, kind)))
        document.header.update(_own_copy(party))
    register(context, document)
    return document


def _kind(context: Context, request: DocumentRequest) -> DocType:
    if not company.exists(context):
        raise refuse("company.missing", "Aucune société dans cette base", "codial-tui init")
    try:
        kind = doc_type(request.kind)
    except KeyError:
        names = ", ".join(one.kind for one in doc_types(context.editions))
        raise refuse("kind.unknown", f"Pièce « {request.kind} » inconnue", names, "kind") from None
    if kind not in doc_types(context.editions):
        raise refuse("kind.off", f"{kind.title} : pas dans cette édition", "", "kind")
    return kind


# -- the party ---------------------------------------------------------------------------------


def _party(
    context: Context, request: DocumentRequest, kind: DocType, problems: list[Problem]
) -> int | PartyRequest | None:
    """The record of a code, or the party given in full."""
    key = PARTY_KEYS.get(kind.side, "")
    for name in PARTY_KEYS.values():
        if name != key and getattr(request, name) is not None:
            problems.append(Problem("party.side", name, f"« {name} » n'est pas pour cette pièce"))
    party: str | PartyRequest | None = getattr(request, key) if key else None
    if party is None:
        required = any(one.name == "party_id" and one.required for one in kind.fields)
        if required:
            problems.append(Problem("party.missing", key, f"« {key} » manque", "un code ou { }"))
        return None
    if isinstance(party, PartyRequest):
        given = {"name": party.name, "siren": party.siren, "vat_number": party.vat_number}
        for problem in parties.check(given):
            field = f"{key}.{problem.field}"
            problems.append(Problem(problem.code, field, problem.message, problem.remedy))
        return party
    return by_code(context, party, key, problems)


def _own_copy(party: PartyRequest) -> dict[str, Value]:
    """Header values of a party given in full. One without SIREN and VAT number is a consumer."""
    values: dict[str, Value] = {
        "party_name": party.name,
        "party_name_fold": fold(party.name),
        "party_siren": party.siren,
        "party_vat_number": party.vat_number,
        "party_is_consumer": int(not (party.siren or party.vat_number)),
        "billing_name": party.name,
        "billing_country": party.country or "FR",
    }
    for part in ("street", "postcode", "city"):
        values[f"billing_{part}"] = getattr(party, part)
    return values


def _saved(context: Context, party: PartyRequest, kind: DocType) -> int:
    """The record of a party given in full: the one that is there, by SIREN or by name and
    address, so that asking twice makes one record; else a new one."""
    role = "is_customer" if kind.side is Side.SALE else "is_supplier"
    if found := saved_party(context, party, role):
        return found
    names = ("name", "street", "postcode", "city", "country", "siren", "vat_number")
    values: dict[str, object] = {name: getattr(party, name) for name in names}
    values["is_consumer"] = int(not (party.siren or party.vat_number))
    return parties.create(context, {**values, role: 1})


# -- header, lines and footer ------------------------------------------------------------------


def _header(context: Context, document: Document, request: DocumentRequest) -> None:
    header = document.header
    if request.date is not None:
        until = header.get("valid_until")
        if isinstance(until, str):  # as long as from today
            length = date.fromisoformat(until) - context.today
            try:
                end = date.fromisoformat(request.date) + length
            except OverflowError:
                end = date.max
            header["valid_until"] = end.isoformat()
        header["date"] = request.date
    for name in ("price_mode", "price_decimals"):
        if getattr(request, name) is not None:
            header[name] = getattr(request, name)
    header["subject"] = request.subject
    header["external_id"] = request.external_id or None


def _own_fields(
    context: Context, document: Document, kind: DocType, request: DocumentRequest
) -> list[Problem]:
    """Values that only some kinds have; a kind without one refuses it."""
    fields = {one.name: one for one in kind.fields}
    problems: list[Problem] = []
    asked: dict[str, tuple[str, Value]] = {
        "planned_date": ("planned_date", request.planned_date),
        "expected_date": ("expected_date", request.expected_date),
        "project": ("project_id", _project(context, request.project, problems)),
        "order": ("order_id", _order(context, document, request.order, problems)),
        "points": ("points", request.points),
        "nature": ("nature", request.nature or None),
        "web": ("is_web", None if request.web is None else int(request.web)),
    }
    if request.web is None and request.external_id and "is_web" in fields:
        asked["web"] = ("is_web", 1)
    for key, (name, value) in asked.items():
        if value is None:
            continue
        field = fields.get(name)
        if field is None or (key == "nature" and value not in dict(field.choices)):
            problems.append(
                Problem("json.unknown_key", key, f"« {key} » n'est pas pour cette pièce")
            )
        else:
            document.header[name] = value
    if "has_buyer" in kind.rules.get("validate", ()) and not problems:
        party = check_rules(("has_buyer",), document, Facts(""))
        problems += [one._replace(field="customer") for one in party]
    return problems


def _project(context: Context, code: str, problems: list[Problem]) -> int | None:
    """The id of a project by code, None for none."""
    if not code:
        return None
    found = context.database.value(
        "SELECT id FROM project WHERE UPPER(code) = ?", (code.strip().upper(),)
    )
    if found is None:
        problems.append(Problem("project.unknown", "project", f"Affaire {code} inconnue"))
    return found if isinstance(found, int) else None


def _order(
    context: Context, document: Document, number: str, problems: list[Problem]
) -> int | None:
    """The id of the order that a work order works for, None for none."""
    if not number:
        return None
    found = context.database.value(
        "SELECT id FROM document WHERE kind = 'order' AND number = ?", (number.strip().upper(),)
    )
    if found is None:
        problems.append(Problem("order.unknown", "order", f"Commande {number} inconnue"))
        return None
    try:
        followed_order.check(context, document, found)
    except Refused as error:
        problems += [one._replace(field="order") for one in error.problems]
    return int(found)


def _recomputed(document: Document) -> list[Problem]:
    """Work the amounts out; what does not fit the database."""
    try:
        apply(document, recompute(document))
    except Invalid as error:
        return list(error.problems)
    return check_rules(("amounts_in_bounds",), document, Facts(""))
