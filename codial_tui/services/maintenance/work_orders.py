"""New work orders: by hand they are documents like others; a call, a contract or a quote brings
what is known already (domain.md §8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from codial_tui.domain.document import Document, Machine
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.services.context import Context
from codial_tui.services.documents import documents

from . import contract_cover

_COPIED = ("brand", "type", "model", "serial", "location")


def new(context: Context, party_id: int, *, label: str = "Créé", **values: Any) -> int:
    """A stored work order of a customer (`build`); its id."""
    return documents.insert(context, build(context, party_id, **values), label)


def build(
    context: Context,
    party_id: int,
    *,
    equipment: Sequence[int] = (),
    fault: str = "",
    **values: Any,
) -> Document:
    """A work order of a customer in memory. equipment: machines it is about; fault: of the first;
    values: of the header (nature, subject, planned_date, contract_id, due_on…). Raises Refused for
    a machine that is somebody else's."""
    from . import machines

    document = documents.blank(context, "work_order", party_id)
    document.header.update(dict.fromkeys(BILLED_AS.values(), 1))
    document.header.update({"nature": "repair", "coverage": "none", **values})
    day = str(document.header.get("planned_date") or document.header["date"])
    for position, one in enumerate(equipment):
        machines.registered(context, document, one)
        document.machines.append(machine(context, one, day, document.text("nature"), position))
    if document.machines:
        document.machines[0].fault = fault
        document.header.update(machines.header_values(context, document, document.machines))
    if site := document.number("address_id"):
        document.header.update(site_values(context, site))
    return document


def machine(
    context: Context, equipment_id: int, day: str, nature: str, position: int = 0
) -> Machine:
    """A machine of the register as a work order of a day keeps it, with what covers it: a warranty
    before a contract, but for the visits that the contract is about."""
    row = context.database.mapping("SELECT * FROM equipment WHERE id = ?", (equipment_id,)) or {}
    found = Machine(context.uid(), equipment_id, position=position)
    for name in _COPIED:
        setattr(found, name, row.get(name) or "")
    found.commissioned_on = row.get("installed_on")
    cover = contract_cover.find(context, equipment_id, day, nature)
    guaranteed = bool(row.get("warranty_until")) and str(row["warranty_until"]) >= day
    if guaranteed and not (cover and nature == "maintenance"):
        found.coverage = "warranty"
    elif cover is not None:
        found.coverage, found.contract_id = "contract", cover.contract_id
    return found


def site_values(context: Context, address_id: int) -> dict[str, Any]:
    """The `delivery_*` header values of a customer's site."""
    names = ("name", "street", "street2", "postcode", "city", "country")
    row = context.database.row(
        f"SELECT {', '.join(names)} FROM address WHERE id = ?", (address_id,)
    )
    return dict(zip((f"delivery_{name}" for name in names), row or ()))
