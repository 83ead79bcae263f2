"""Documents as wholes: creating, inserting, finding, deleting, moving from state to state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from codial_tui.domain.changes import PARTS, POSITION_STEP, part_fields
from codial_tui.domain.changes import delete as delete_of
from codial_tui.domain.document import ADJUSTMENT_FIELDS, LINE_FIELDS, Document, Value
from codial_tui.domain.kinds import doc_type, doc_types, ref_of
from codial_tui.domain.kinds.subcontract_order import SUBCONTRACT_ORDER
from codial_tui.domain.lines.totals import totals
from codial_tui.domain.numbering import number_of, period_of
from codial_tui.domain.spec import DocType
from codial_tui.errors import refuse
from codial_tui.services.buying import back_to_back
from codial_tui.services.chain import credited, pools
from codial_tui.services.context import Context
from codial_tui.services.law import training
from codial_tui.services.records import parties, settings

from . import locks
from .rows import TABLES, encode, insert_links, load, search_text, side_fields, write_step

VALIDITY_DAYS = 30


def blank(context: Context, kind: str, party_id: int | None = None) -> Document:
    """A document in memory with the company's, user's and party's defaults; not stored yet."""
    spec = doc_type(kind)
    today = context.today
    establishment = settings.default_establishment(context)
    rate = settings.default_rate(context)
    header: dict[str, Value] = {
        "state": spec.initial,
        "date": today.isoformat(),
        "establishment_id": establishment,
        "branch_id": settings.value(context, "document.branch_id"),
        "salesperson_id": context.user.id,
        "salesperson_name": context.user.name,
        "price_mode": settings.company_default(context, "price_mode"),
        "price_decimals": settings.company_default(context, "price_decimals"),
        "vat_rounding": settings.company_default(context, "vat_rounding"),
        "vat_regime": settings.regime_of(context, "normal"),
        "currency": "EUR",
        "location": "office",
        "opening_text": "",
        "closing_text": "",
        "subject": "",
    }
    if "vat_on_debits" in side_fields(spec):
        debits = settings.value(context, "invoice.vat_on_debits", False)
        header["vat_on_debits"] = int(bool(debits))
    if "vat_on_debits" in side_fields(spec):
        header["vat_on_debits"] = int(settings.company_default(context, "vat_on") == "debits")
    if "valid_until" in side_fields(spec):
        days = settings.value(context, "quote.validity_days", VALIDITY_DAYS)
        header["valid_until"] = (today + timedelta(days=days)).isoformat()
    if party_id is not None:
        header.update(parties.snapshot(context, party_id))
    if kind == SUBCONTRACT_ORDER.kind and context.edition == "building":
        header["vat_regime"] = _works_regime(context, party_id, str(header["vat_regime"]))
    header.update(settings.regime_values(context, str(header["vat_regime"]), rate))
    return Document(0, context.uid(), kind, header)


def _works_regime(context: Context, party_id: int | None, regime: str) -> str:
    """The regime of works that a building company has done by another: it owes their VAT itself
    (CGI art. 283, 2 nonies), whatever it charges its own customers. A subcontractor who bears none
    (franchise, exempt) or is abroad keeps his regime."""
    own = context.database.value("SELECT vat_regime FROM party WHERE id = ?", (party_id,))
    return "reverse_charge" if own in ("normal", "", None) else regime


def create(context: Context, kind: str, party_id: int | None, **values: Value) -> int:
    """A new empty document for a party, with its number; returns its id. None: without one, as
    the declaration allows (an internal delivery note)."""
    document = blank(context, kind, party_id)
    if party_id is None:
        document.header.update(doc_type(kind).without_party)
    document.header.update(values)
    return insert(context, document)


def insert(context: Context, document: Document, label: str = "Créé") -> int:
    """Store a whole document with its number, as one transaction and one step; returns its id.

    Raises Refused when `external_id` is used already (with the existing document's number).
    """
    prepare(document)
    with context.database.write():
        write_new(context, document, label)
    document.version = 1
    return document.id


def prepare(document: Document) -> None:
    """Give a new document its positions and totals, before it is written."""
    for index, line in enumerate(document.lines, 1):
        line.position = index * POSITION_STEP
    found = totals(document)
    document.header.update(
        net_total=found.net,
        vat_total=found.vat_total,
        gross_total=found.gross,
        cost_total=found.cost,
    )


def write_new(context: Context, document: Document, label: str) -> None:
    """Store a prepared document with its number, inside the caller's transaction."""
    spec = doc_type(document.kind)
    database = context.database
    if not document.header.get("number") and spec.numbering.given == "create":
        document.header.update(next_number(context, spec, document))
    side = side_fields(spec)
    columns: dict[str, Any] = {
        name: encode(name, value)
        for name, value in document.header.items()
        if name not in side and value is not None
    }
    now = context.now
    columns.update(
        uid=document.uid,
        kind=document.kind,
        search_text=search_text(document.header),
        version=1,
        created_at=now,
        updated_at=now,
        created_by=context.user.id,
    )
    document.id = database.insert("document", columns)
    if spec.side_table:
        own = {name: encode(name, document.header.get(name)) for name in side}
        own = {name: value for name, value in own.items() if value is not None}
        database.insert_many(spec.side_table, ("document_id", *own), [(document.id, *own.values())])
    insert_parts(context, "document_line", LINE_FIELDS, document.id, document.lines)
    insert_parts(
        context, "document_adjustment", ADJUSTMENT_FIELDS, document.id, document.adjustments
    )
    for target in spec.parts:
        parts = getattr(document, PARTS[target][1])
        insert_parts(context, TABLES[target], part_fields(target), document.id, parts)
    if document.links:
        insert_links(database, list(document.links.values()))
    pools.refresh(database, (document.id,))
    write_step(context, document, 1, label, barrier=True)
    log_event(context, document, "note", label)


def insert_parts(
    context: Context, table: str, names: Sequence[str], document_id: int, things: Sequence[Any]
) -> None:
    """Write lines or adjustments of a document, inside the caller's transaction."""
    context.database.insert_many(
        table,
        ("document_id", *names),
        [
            (document_id, *(encode(name, getattr(thing, name)) for name in names))
            for thing in things
        ],
    )


def next_number(context: Context, spec: DocType, document: Document) -> dict[str, Value]:
    """The next number of the document's series and its counter, inside the caller's transaction."""
    date = document.text("date")
    numbering = spec.numbering
    count, pattern = context.database.next_number(
        document.number("establishment_id"),
        numbering.code,
        period_of(date, numbering.period),
        numbering.pattern,
    )
    number = training.number(context, number_of(pattern, date, count))
    return {"number": number, "serial": count}


def find(context: Context, ref: str) -> int | None:
    """The id of a document by number, by `KIND-ID` or `FA-P117`, or by the short forms of the
    home line (`42`, `DE42`: this year's); None when there is none."""
    text = ref.strip().upper()
    database = context.database
    typed = (ref.strip(), text)
    row = database.row("SELECT id FROM document WHERE number IN (?, ?)", typed)
    if row:
        return int(row[0])
    _, _, tail = text.rpartition("-")
    digits = tail.removeprefix("P")
    if digits.isdecimal() and len(digits) < 18:
        row = database.row("SELECT id, kind FROM document WHERE id = ?", (int(digits),))
        if row and text in (f"{row[1]}-{row[0]}".upper(), ref_of(row[1], row[0]).upper()):
            return int(row[0])
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not digits or len(digits) > 9:
        return None
    today = context.today.isoformat()
    for one in doc_types():
        if letters in ("", one.numbering.code):
            for pattern in _patterns(context, one):
                number = number_of(pattern, today, int(digits))
                row = database.row("SELECT id FROM document WHERE number = ?", (number,))
                if row:
                    return int(row[0])
    return None


def _patterns(context: Context, kind: DocType) -> list[str]:
    """The patterns of a kind's series, those of the default establishment first."""
    rows = context.database.rows(
        "SELECT s.pattern FROM number_series s JOIN establishment e ON e.id = s.establishment_id "
        "WHERE s.code = ? ORDER BY e.is_default DESC, e.id, s.period DESC",
        (kind.numbering.code,),
    )
    return list(dict.fromkeys([*(str(row[0]) for row in rows), kind.numbering.pattern]))


def get(context: Context, ref: str) -> Document:
    """The document of a reference. Raises Refused."""
    document_id = find(context, ref)
    document = load(context.database, document_id) if document_id else None
    if document is None:
        raise refuse("document.unknown", f"Document {ref} introuvable", "codial-tui document list")
    return document


def log_event(context: Context, document: Document, what: str, text: str = "") -> None:
    """One dated entry of the follow-up log, inside the caller's transaction. what: note, sent,
    printed, reminder, call, visit, state, transfer."""
    context.database.insert(
        "document_event",
        {
            "uid": context.uid(),
            "document_id": document.id,
            "document_uid": document.uid,
            "type": what,
            "at": context.now,
            "user_id": context.user.id,
            "user_name": context.user.name,
            "text": text,
        },
    )


def delete(context: Context, document_id: int) -> list[back_to_back.Supply]:
    """Delete a document never printed, without children and without a number the law protects,
    that nobody else has open (domain.md §2); logged. Other invoices deduct the deposits that it
    let go of. Returns what is on order for it and for nobody any more. Raises Refused."""
    from codial_tui.services.invoicing import deposits
    from codial_tui.services.maintenance import letting_go

    database = context.database
    with database.write():
        pools.turn(database)
        document = load(database, document_id)
        if document is None:
            raise refuse("document.unknown", "Document introuvable")
        _check_deletable(context, document)
        gone = [delete_of(one) for one in document.links.values()]
        credited.keep(database, document, gone)
        parents = pools.origins_of(database, {document_id})
        log_audit(
            context,
            "document.deleted",
            {"ref": document.ref, "uid": document.uid, "net_total": document.number("net_total")},
        )
        freed = deposits.deposits_of(database, document_id)
        bought = back_to_back.forget(context, document)
        letting_go.let_go(context, document)
        database.execute("DELETE FROM document WHERE id = ?", (document_id,))
        pools.refresh(database, parents)
        deposits.share_out(context, freed, f"{document.ref} supprimée, acompte déduit")
    return bought


def _check_deletable(context: Context, document: Document) -> None:
    database, kind = context.database, doc_type(document.kind)
    agrees = "e" if kind.gender == "f" else ""
    if document.header.get("printed_at"):
        said = f"{document.ref} a été imprimé{agrees}"
        raise refuse("document.printed", said, _instead(kind))
    if document.header.get("signed_at"):
        raise refuse("document.signed", f"{document.ref} est signé", "passez-le sans suite")
    if kind.numbering.gapless and document.header.get("number"):
        raise refuse(
            "document.numbered", f"{document.ref} a un numéro définitif", "faites un avoir"
        )
    sql = (
        "SELECT d.number FROM document_work_order w JOIN document d ON d.id = w.document_id "
        "WHERE w.order_id = ? ORDER BY d.id LIMIT 1"
    )
    if followed := database.value(sql, (document.id,), None):
        said = f"{followed} travaille pour {document.ref}"
        raise refuse("document.followed", said, "changez d'abord sa commande suivie")
    linked = database.row(
        "SELECT 1 FROM line_link k JOIN document_line l ON l.id = k.source_line_id "
        "WHERE l.document_id = ? AND k.relation <> 'supply' LIMIT 1",
        (document.id,),
    )
    if linked:
        said = f"{document.ref} est transféré{agrees}"
        raise refuse("document.linked", said, "annulez d'abord le transfert")
    asked = database.row("SELECT 1 FROM deposit WHERE order_id = ? LIMIT 1", (document.id,))
    if asked:
        raise refuse("document.deposit", f"{document.ref} a un acompte", "faites-en un avoir")
    if database.row(
        "SELECT 1 FROM consumption_entry WHERE document_id = ? LIMIT 1", (document.id,)
    ):
        said = f"{document.ref} a un suivi de consommation"
        raise refuse("document.consumption", said, _instead(kind))
    if who := locks.elsewhere(context, document.id):
        raise refuse("document.locked", f"{document.ref} : {who}", "demandez-lui de la fermer")


def _instead(kind: DocType) -> str:
    """What is done with a printed document that is not wanted any more."""
    if any(state.name == "dropped" for state in kind.states):
        return "classez-le sans suite"
    if "given_up_at" in side_fields(kind):
        return "abandonnez son reste : F7 W"
    return "faites un retour : F6 R" if kind.inbound_from(kind.kind) else "faites un avoir"


def log_audit(
    context: Context, what: str, detail: Mapping[str, Any], *, chained: bool = True
) -> None:
    """One entry of the audit log, inside the caller's transaction, and of the chained journal of
    events; not there for what another chain says already."""
    import json

    from codial_tui.services.law import chain_links

    if chained:
        chain_links.append(context, "events", what, {"login": context.user.login, **detail})

    context.database.insert(
        "audit_log",
        {
            "at": context.now,
            "user_id": context.user.id or None,
            "user_name": context.user.name,
            "session_token": context.session,
            "action": what,
            "detail": json.dumps(dict(detail), ensure_ascii=False),
        },
    )
