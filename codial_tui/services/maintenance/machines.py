"""Machines of a work order: chosen from the register or typed, what covers them, taken away; each
as one step with all that follows for the header and the lines (domain.md §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from codial_tui.domain.changes import Change, delete, insert, set_header, set_part
from codial_tui.domain.document import Document, Machine, Value
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.documents.editing import Editor
from codial_tui.services.records import company_settings, records

from . import contract_cover, machine_offers, work_orders

ONE_CONTRACT = "work.one_contract"
COPIED = ("equipment_id", "brand", "type", "model", "serial", "location", "commissioned_on")
"""What a machine of a document has from the register."""
TEXTS = ("brand", "type", "model", "serial", "location")
TEXT_LIMIT = 8_000
"""characters of a fault or of the work done"""


# the work order -----------------------------------------------------------------------------------


def day_of(document: Document) -> str:
    """The day that decides what covers: planned, else the document's."""
    return document.text("planned_date") or document.text("date")


def find(document: Document, uid: str) -> Machine:
    """A machine by uid. Raises Refused."""
    for one in document.machines:
        if one.uid == uid:
            return one
    raise refuse("machine.gone", "Cette machine n'est plus là", "choisissez-en une autre")


def choose(editor: Editor, equipment_id: int, uid: str = "", fault: str = "") -> list[Problem]:
    """Put a machine of the register on the work order, in place of the machine `uid` or behind the
    others; what to know of it. Raises Refused: another customer's, another contract."""
    context, document = editor.context, editor.document
    _check_kind(editor)
    row = registered(context, document, equipment_id)
    made = work_orders.machine(context, equipment_id, day_of(document), document.text("nature"))
    made.fault = fault
    if uid:
        old = find(document, uid)
        made = replace(made, uid=uid, position=old.position, fault=old.fault or fault)
        made.work_done = old.work_done
        change = set_part(old, **{name: getattr(made, name) for name in _CHOSEN})
    else:
        made.position = max((one.position for one in document.machines), default=-1) + 1
        change = insert(made)
    others = [one for one in document.machines if one.uid != uid]
    site = document.number("address_id")
    own: dict[str, Value] = {}
    if row["address_id"] and not site and not others:
        own = {"address_id": row["address_id"]}
        own |= work_orders.site_values(context, row["address_id"])
    several = sorted([*others, made], key=lambda one: one.position)
    _commit(editor, [change], several, f"Machine {name_of(made)}", own)
    warnings = []
    if any(one.equipment_id == equipment_id for one in others):
        warnings.append(_warning("machine.twice", f"{name_of(made)} est déjà sur ce bon"))
    if site and row["address_id"] not in (None, site):
        place = _site_name(context, row["address_id"])
        warnings.append(
            _warning("machine.site", f"{name_of(made)} est sur un autre site : {place}")
        )
    return warnings + mixed(document)


_CHOSEN = (*COPIED, "coverage", "contract_id", "fault")


def edit(editor: Editor, uid: str, **values: Any) -> list[Problem]:
    """Give a machine other values, "" for a new one that is typed; what to know, also
    what the register would not take. Its coverage and contract go with what is billed. Raises
    Refused."""
    context, document = editor.context, editor.document
    _check_kind(editor)
    old = find(document, uid) if uid else None
    at = max((one.position for one in document.machines), default=-1) + 1
    before = old or Machine(context.uid(), position=at)
    if "contract_id" in values:
        values["coverage"] = "contract" if values["contract_id"] else "none"
    elif "coverage" in values:
        values["contract_id"] = (
            _contract_of(context, document, before) if values["coverage"] == "contract" else None
        )
    after = replace(before, **values)
    change = set_part(old, **values) if old is not None else insert(after)
    others = [one for one in document.machines if one.uid != uid]
    several = sorted([*others, after], key=lambda one: one.position)
    _commit(editor, [change], several, "Machine modifiée")
    found = mixed(document) if "coverage" in values else []
    if before.equipment_id:
        found += machine_offers.complete(context, before.equipment_id, values)
    return found


def guarantee(editor: Editor, uid: str, until: str | None) -> list[Problem]:
    """Say in the register until when a machine is under warranty, and cover it as that says where
    nothing or a warranty covered it. Raises Refused."""
    context, document, one = editor.context, editor.document, find(editor.document, uid)
    if one.equipment_id is None:
        raise refuse("machine.free", "Pas au registre", "tapez d'abord son numéro de série")
    if editor.reason:
        raise refuse("document.locked", editor.reason)
    field = EQUIPMENT.field("warranty_until")
    records.put(context, "equipment", one.equipment_id, field, until)
    day, nature = day_of(document), document.text("nature")
    usual = work_orders.machine(context, one.equipment_id, day, nature)
    if one.coverage == usual.coverage or one.coverage == "contract":
        return []
    return edit(editor, uid, coverage=usual.coverage)


def remove(editor: Editor, uid: str) -> None:
    """Take a machine off the work order; the register keeps it."""
    gone = find(editor.document, uid)
    left = [one for one in editor.document.machines if one.uid != uid]
    _commit(editor, [delete(gone)], left, f"Machine {name_of(gone)} retirée")


def bill(editor: Editor, box: str, billed: bool) -> None:
    """Tick or untick one of the four boxes (a value of BILLED_AS); lines follow in the step."""
    _check_kind(editor)
    word = "facturé" if billed else "non facturé"
    label = {**editor_labels(editor)}[box]
    editor.set_header(f"{label} {word}", **{box: int(billed)})


def editor_labels(editor: Editor) -> dict[str, str]:
    """What the four boxes are called, by header field."""
    return {one: editor.kind.field(one).label for one in BILLED_AS.values()}


def cover(editor: Editor, chosen: str) -> None:
    """Give a work order without a machine a coverage."""
    _commit(editor, [], [], "Couverture", {"coverage": chosen}, chosen=chosen)


def entailed(editor: Editor, name: str, value: Value) -> dict[str, Value]:
    """What an edit of the header entails for machines: a site brings its address, another nature
    what is billed. Raises Refused: machines of somebody else, of several contracts."""
    if "machine" not in editor.kind.parts:
        return {}
    context, document = editor.context, editor.document
    if name == "address_id":
        names = ("name", "street", "street2", "postcode", "city", "country")
        empty: dict[str, Value] = {f"delivery_{one}": "" for one in names}
        return work_orders.site_values(context, int(value)) if value else empty
    if name == "party_id" and value != document.header.get("party_id"):
        if any(one.equipment_id for one in document.machines):
            said = "Ses machines sont celles du client d'avant"
            raise refuse("machine.party", said, "retirez-les d'abord (onglet Machine)", name)
        return {"address_id": None}
    if name == "nature":
        _check_contracts(context, document, document.machines, str(value))
        if document.machines and document.text("coverage") == "contract":
            return coverage.boxes(_free(context, document, document.machines, str(value)))
    return {}


def mixed(document: Document) -> list[Problem]:
    """That the machines of a work order are not covered alike."""
    if len({one.coverage for one in document.machines}) < 2:
        return []
    said = "Machines couvertes autrement les unes que les autres : tout est facturé"
    return [_warning("machine.mixed", said, "F7 G sur une ligne")]


def name_of(one: Machine) -> str:
    """How a machine is called in a sentence."""
    return one.serial or " ".join(filter(None, (one.brand, one.type, one.model))) or "sans numéro"


# what follows -------------------------------------------------------------------------------------


def header_values(
    context: Context, document: Document, machines: Sequence[Machine]
) -> dict[str, Value]:
    """The coverage, contract and boxes of a work order with these machines; {} when its coverage
    and contract stay: boxes ticked by hand then stay too."""
    common = coverage.of_machines(one.coverage for one in machines) if machines else "none"
    contracts = {one.contract_id for one in machines}
    contract = contracts.pop() if len(contracts) == 1 and common == "contract" else None
    now = (document.text("coverage") or "none", document.header.get("contract_id"))
    if now == (common, contract):
        return {}
    free = _free(context, document, machines, document.text("nature"), common)
    return {"coverage": common, "contract_id": contract, **coverage.boxes(free)}


def check_contracts(context: Context, document: Document) -> None:
    """Raises Refused when the machines of a maintenance are not all under one contract, or none."""
    _check_contracts(context, document, document.machines, document.text("nature"))


def _commit(
    editor: Editor,
    changes: list[Change | None],
    machines: Sequence[Machine],
    label: str,
    own: Mapping[str, Value] | None = None,
    chosen: str = "",
) -> None:
    context, document = editor.context, editor.document
    _check_contracts(context, document, machines, document.text("nature"))
    values = dict(own or {})
    if chosen:
        free = frozenset(BILLED_AS) if chosen in coverage.PAYING else frozenset()
        values |= {"contract_id": None, **coverage.boxes(free)}
    else:
        values |= header_values(context, document, machines)
    editor.commit([*changes, set_header(document, **values)], label)


def _free(
    context: Context,
    document: Document,
    machines: Sequence[Machine],
    nature: str,
    common: str = "contract",
) -> frozenset[str]:
    """The billing classes that nobody pays for: a warranty pays for all, contracts for what every
    one of them includes; one that the register does not know, for all."""
    if common == "warranty":
        return frozenset(BILLED_AS)
    if common != "contract":
        return frozenset()
    free = frozenset(BILLED_AS)
    for contract_id in {one.contract_id for one in machines if one.contract_id}:
        free &= contract_classes(context, contract_id, nature)
    return free


def contract_classes(context: Context, contract_id: int, nature: str) -> frozenset[str]:
    """The billing classes that a contract includes in a visit (maintenance) or in a repair."""
    use = "visit" if nature == "maintenance" else "repair"
    names = ", ".join(f"{use}_{one}" for one in contract_cover.CLASSES.values())
    row = context.database.row(f"SELECT {names} FROM contract WHERE id = ?", (contract_id,))
    return contract_cover.classes(row) if row else frozenset()


def _contract_of(context: Context, document: Document, one: Machine) -> int | None:
    """The contract that a machine is under that day."""
    if one.contract_id:
        return one.contract_id
    if not one.equipment_id:
        return None
    nature, day = document.text("nature"), day_of(document)
    cover = contract_cover.find(context, one.equipment_id, day, nature)
    return cover.contract_id if cover else None


def _check_contracts(
    context: Context, document: Document, machines: Sequence[Machine], nature: str
) -> None:
    if nature != "maintenance" or len(machines) < 2:
        return
    if not company_settings.value(context, ONE_CONTRACT):
        return
    contracts = {one.uid: _contract_of(context, document, one) for one in machines}
    if len(set(contracts.values())) < 2:
        return
    told = ", ".join(f"{name_of(one)} ({_number(context, contracts[one.uid])})" for one in machines)
    said = f"Une maintenance est d'un seul contrat : {told}"
    raise refuse("machine.contracts", said, "faites un bon par contrat", "equipment_id")


def _number(context: Context, contract_id: int | None) -> str:
    if contract_id is None:
        return "sans contrat"
    sql = "SELECT number FROM contract WHERE id = ?"
    return str(context.database.value(sql, (contract_id,), ""))


def registered(context: Context, document: Document, equipment_id: int) -> dict[str, Any]:
    """A machine of the register for a work order. Raises Refused for one that is gone, or is
    somebody else's."""
    row = context.database.mapping("SELECT * FROM equipment WHERE id = ?", (equipment_id,))
    if row is None:
        raise refuse("equipment.unknown", "Cette machine n'est plus au registre", "F4 les montre")
    if row["party_id"] not in (None, document.header.get("party_id")):
        raise refuse_other(context, row)
    return row


def refuse_other(
    context: Context,
    row: Mapping[str, Any],
    field: str = "equipment_id",
    remedy: str = "changez le client de sa fiche, ou du bon",
) -> Refused:
    """The refusal of a machine that is somebody else's."""
    owner = context.database.row("SELECT name, code FROM party WHERE id = ?", (row["party_id"],))
    name = row["serial"] or row["code"]
    who = f"{owner[0]} ({owner[1]})" if owner else "un autre client"
    return refuse("equipment.other", f"{name} est chez {who}", remedy, field)


def _site_name(context: Context, address_id: int) -> str:
    sql = "SELECT COALESCE(NULLIF(label, ''), NULLIF(name, ''), city) FROM address WHERE id = ?"
    return str(context.database.value(sql, (address_id,), ""))


def _check_kind(editor: Editor) -> None:
    if "machine" not in editor.kind.parts:
        raise refuse("machine.kind", "Cette pièce n'a pas de machines", "sur un bon d'intervention")


def _warning(code: str, said: str, remedy: str = "") -> Problem:
    return Problem(code, "", said, remedy, "warning")
