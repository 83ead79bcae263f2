"""Header edits: what one field entails for others, as one step (a customer brings its address)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from codial_tui.domain.changes import Change, set_header, set_line
from codial_tui.domain.document import Value
from codial_tui.domain.guards import BOUGHT
from codial_tui.domain.lines.purchase_rules import supplier_key
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Field, FieldType
from codial_tui.errors import Refused, refuse
from codial_tui.services.invoicing import invoice_parts
from codial_tui.services.lists import choices
from codial_tui.services.maintenance import followed_order, machines
from codial_tui.services.records import parties, settings

from .editing import Editor


def locked(editor: Editor, field: Field) -> str:
    """Why a field is read-only now, "" when it can be typed in."""
    if editor.reason:
        return editor.reason
    if field.store == "computed":
        return "calculé"
    if editor.document.state in field.locked_by:
        return f"document {editor.kind.state(editor.document.state).label.lower()}"
    if field.locked_by and any(gone.keys() - {BOUGHT} for gone in editor.taken.values()):
        return "déjà livré, facturé ou transféré"
    made_of = (one for one in editor.document.links.values() if one.pool != BOUGHT)
    if field.name in ("party_id", "nature") and any(made_of):
        return "lignes venues d'une autre pièce"
    if field.name in ("party_id", "price_mode") and _has_deposit(editor):
        return "un acompte est émis"
    return ""


def _has_deposit(editor: Editor) -> bool:
    """Whether a deposit of the document was issued: it is this customer's, counted in its mode."""
    if not editor.kind.deposits:
        return False
    sql = "SELECT 1 FROM deposit WHERE order_id = ? LIMIT 1"
    return editor.context.database.row(sql, (editor.document.id,)) is not None


def locked_words(editor: Editor, fields: Iterable[Field]) -> str:
    """`Client, Prix : document imprimé`: which of these cannot be typed in, by reason; "" when
    all can. What is computed says so by itself."""
    reasons: dict[str, list[str]] = {}
    for field in fields:
        reason = locked(editor, field)
        if reason and field.store != "computed":
            reasons.setdefault(reason, []).append(field.label)
    return " · ".join(f"{', '.join(names)} : {reason}" for reason, names in reasons.items())


def edit(editor: Editor, field: Field, value: Value) -> None:
    """Give a header field a value, with all that follows from it. Raises Refused."""
    reason = locked(editor, field)
    if reason:
        raise refuse("field.locked", f"{field.label} : {reason}", "", field.name)
    if field.required and value in (None, ""):
        raise refuse("field.required", f"{field.label} manque", field.help, field.name)
    if isinstance(value, str) and len(value) > field.max_length:
        raise Refused(
            Problem(
                "field.too_long", field.name, f"{field.label} : {field.max_length} signes au plus"
            )
        )
    if field.store == "part":
        invoice_parts.edit(editor, field, value)
        return
    values = {field.name: value, **_entailed(editor, field, value)}
    if any(one.name == "supplier_key" for one in editor.kind.fields):
        values["supplier_key"] = supplier_key({**editor.document.header, **values})
    changes = [set_header(editor.document, **values)]
    changes += _line_changes(editor, field, value)
    editor.commit(changes, f"{field.label} modifié")


def _entailed(editor: Editor, field: Field, value: Value) -> dict[str, Value]:
    """Other header values that follow from this one."""
    context = editor.context
    match field.name:
        case "party_id" if isinstance(value, int):
            found = parties.snapshot(context, value)
            regime = str(found["vat_regime"])
            found |= followed_order.without(editor.document)
            found |= machines.entailed(editor, "party_id", value)
            return {**found, **settings.regime_values(context, regime, _rate(editor))}
        case "delivery_party_id" if isinstance(value, int):
            return parties.address_values(context, value, "delivery")
        case "vat_regime":
            return settings.regime_values(context, str(value), _rate(editor))
        case "salesperson_id":
            name = parties.user_name(context, value) if isinstance(value, int) else ""
            return {"salesperson_name": name}
        case "letter_model" if isinstance(value, int):
            body = context.database.value(
                "SELECT body FROM letter_model WHERE id = ?", (value,), ""
            )
            return {"letter": str(body)}
        case "address_id" | "nature":
            return machines.entailed(editor, field.name, value)
        case "order_id":
            followed_order.check(context, editor.document, value)
        case "price_decimals":
            return {"price_decimals": int(value or 2)}
    if field.type is FieldType.REFERENCE and field.shows:
        return {field.shows: choices.label_of(context, field.picks, value)}
    if field.name == "contact_id":
        return {"contact_name": choices.label_of(context, "contact", value)}
    return {}


def _rate(editor: Editor) -> int:
    rate = editor.document.number("vat_rate")
    return rate or settings.default_rate(editor.context)


def _line_changes(editor: Editor, field: Field, value: Value) -> list[Change | None]:
    """Lines follow a change of VAT regime, and of the planned date those that had the former
    one; other defaults only serve new lines."""
    if field.name == "planned_date":
        before = editor.document.header.get(field.name) or None
        own = [one for one in editor.document.lines if one.is_priced and one.parent_uid is None]
        same = (one for one in own if (one.delivery_date or None) in (None, before))
        return [set_line(one, delivery_date=value or None) for one in same]
    if field.name not in ("vat_regime", "party_id"):
        return []
    regime = value if field.name == "vat_regime" else None
    if field.name == "party_id" and isinstance(value, int):
        regime = parties.snapshot(editor.context, value)["vat_regime"]
    if regime == editor.document.header.get("vat_regime"):
        return []
    found = settings.regime_values(editor.context, str(regime), _rate(editor))
    category, rate = found["vat_category"], found["vat_rate"]
    changes: list[Change | None] = []
    for line in editor.document.lines:
        if line.is_priced:
            after: dict[str, Any] = {"vat_category": category, "vat_rate": rate}
            changes.append(set_line(line, **after))
    return changes
