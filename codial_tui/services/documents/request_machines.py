"""Machines of a work order that is asked for as data, what covers them, the parts used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from codial_tui.domain.document import Document, Line, Machine, Value
from codial_tui.domain.kinds.work_order import BILLED_AS
from codial_tui.domain.maintenance import coverage
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import DocType
from codial_tui.domain.text import fold
from codial_tui.errors import Refused, refuse
from codial_tui.exchange.documents import DocumentRequest, PartyRequest
from codial_tui.exchange.machines import CLASSES, MachineRequest
from codial_tui.services.context import Context

from .request_lines import LineMaker
from .request_parts import saved_party

BOXES = dict(zip(CLASSES, BILLED_AS.values(), strict=True))
"""Word of a request → header field of the box."""
Used = tuple[Line, bool | None]
"""A line of a part, and whether it is billed: None as the work order says."""
_DESCRIBED = ("brand", "type", "model", "serial", "location", "commissioned_on")


def add_parts_used(
    maker: LineMaker, kind: DocType, request: DocumentRequest, problems: list[Problem]
) -> list[Used]:
    """Lines behind the others for the parts that a technician used."""
    if request.parts_used and "machine" not in kind.parts:
        problems.append(_unknown("parts_used"))
        return []
    own = LineMaker(maker.context, maker.document, maker.rates, [])
    used = []
    for index, asked in enumerate(request.parts_used):
        lines = own.lines(index, asked)
        maker.document.lines += lines
        used.append((lines[0], asked.billed))
    problems += [
        one._replace(field=f"parts_used{one.field.removeprefix('lines')}") for one in own.problems
    ]
    return used


def add_machines(
    context: Context,
    document: Document,
    kind: DocType,
    request: DocumentRequest,
    used: Sequence[Used],
    problems: list[Problem],
) -> None:
    """Give a new work order, which has its lines, its machines and what covers all of it."""
    if "machine" not in kind.parts:
        problems += [_unknown("machine")] if request.machines else []
        problems += [_unknown("billable")] if request.billable is not None else []
        return
    from codial_tui.services.maintenance import machines

    wrong = len(problems)
    owner, given = document.number("party_id") or None, request.customer
    if isinstance(given, PartyRequest) and given.save:
        owner = saved_party(context, given, "is_customer")
    for index, asked in enumerate(request.machines):
        try:
            asked = _by_code(context, owner, asked)
            known = _known(context, owner, asked)
            document.machines.append(_machine(context, document, asked, known, index))
        except Refused as error:
            problems += [one._replace(field=_path(asked, one.field)) for one in error.problems]
    if len(problems) > wrong:
        return
    _place(context, document)
    document.header.update(machines.header_values(context, document, document.machines))
    if request.billable is not None:
        document.header.update(boxes(request.billable))
    try:
        machines.check_contracts(context, document)
    except Refused as error:
        problems += [one._replace(field="machine") for one in error.problems]
    _cover(document, used)


def boxes(billable: Sequence[str]) -> dict[str, Value]:
    """Header values that bill these classes (words of CLASSES), and no other."""
    return coverage.boxes([name for name, word in zip(BILLED_AS, CLASSES) if word not in billable])


def register(context: Context, document: Document) -> None:
    """Enter the machines of a customer of ours into the register, those that have a serial number
    and are not there yet."""
    from codial_tui.domain.maintenance.equipment_record import EQUIPMENT
    from codial_tui.services.maintenance import machine_offers

    party_id = document.header.get("party_id")
    if not context.user.may(EQUIPMENT.right):
        return
    for one in document.machines:
        if not one.serial or one.equipment_id or not party_id:
            continue
        values: dict[str, Any] = {name: getattr(one, name) for name in _DESCRIBED[:-1]}
        values |= {"party_id": party_id, "installed_on": one.commissioned_on}
        one.equipment_id = machine_offers.register(context, values)


def _machine(
    context: Context, document: Document, asked: MachineRequest, known: int | None, index: int
) -> Machine:
    """A machine: what the register says of it, then what is said of it here."""
    from codial_tui.services.maintenance import contract_cover, machines, work_orders

    day, nature = machines.day_of(document), document.text("nature")
    if known is None:
        made = Machine(context.uid(), position=index)
    else:
        made = work_orders.machine(context, known, day, nature, index)
    for name in _DESCRIBED:
        given = getattr(asked, name)
        if given and not (name == "serial" and made.serial):
            setattr(made, name, given)
    made.fault, made.work_done = asked.fault, asked.work_done
    if asked.coverage not in (None, made.coverage):
        made.coverage = str(asked.coverage)
        made.contract_id = None
        if made.coverage == "contract":
            cover = contract_cover.find(context, known or 0, day, nature)
            made.contract_id = cover.contract_id if cover else None
    return made


def _by_code(context: Context, owner: int | None, asked: MachineRequest) -> MachineRequest:
    """A machine that is asked for by its code where a serial number is expected, too."""
    from codial_tui.services.maintenance import machine_offers

    if not asked.serial or asked.code:
        return asked
    sql = "SELECT 1 FROM equipment WHERE code_fold = ?"
    if machine_offers.by_serial(context, owner or 0, asked.serial, asked.brand) or not (
        context.database.row(sql, (fold(asked.serial.strip()),))
    ):
        return asked
    return replace(asked, code=asked.serial, serial="")


def _known(context: Context, owner: int | None, asked: MachineRequest) -> int | None:
    """The row of a customer's machine in the register, None for one that is not there. Raises
    Refused."""
    from codial_tui.services.maintenance import equipment, machine_offers, machines

    if asked.code:
        row = equipment.by_code(context, asked.code)
        several = [row]
    elif asked.serial and owner:
        several = machine_offers.by_serial(context, owner, asked.serial, asked.brand)
    else:
        return None
    if not several:
        return None
    if len(several) > 1:
        told = ", ".join(str(one["code"]) for one in several)
        said = f"Plusieurs machines {asked.serial} : {told}"
        raise refuse("equipment.which", said, "donnez « code »", "serial")
    if several[0]["party_id"] not in (None, owner):
        raise machines.refuse_other(context, several[0], "code" if asked.code else "serial")
    return int(several[0]["id"])


def _place(context: Context, document: Document) -> None:
    """The site of the work order: that of its machines, where they have one in common."""
    from codial_tui.services.maintenance import work_orders

    ids = [one.equipment_id for one in document.machines if one.equipment_id]
    if not ids or document.number("address_id"):
        return
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT DISTINCT address_id FROM equipment WHERE id IN ({marks})"
    found = [one for (one,) in context.database.rows(sql, ids)]
    if len(found) == 1 and found[0]:
        document.header["address_id"] = found[0]
        document.header.update(work_orders.site_values(context, found[0]))


def _cover(document: Document, used: Sequence[Used]) -> None:
    """Say of each line whether it is billed: as the boxes say, but for parts that say it."""
    coverage.cover(document)
    for line, billed in used:
        if billed is True:
            line.covered = ""
        elif billed is False and not line.covered:
            chosen = document.text("coverage")
            line.covered = chosen if chosen in coverage.PAYING else "offered"


def _path(asked: MachineRequest, field: str) -> str:
    names = {"": "code" if asked.code else "serial", "equipment_id": "serial"}
    return f"{asked.path}.{names.get(field, field)}"


def _unknown(key: str) -> Problem:
    return Problem("json.unknown_key", key, f"« {key} » n'est pas pour cette pièce")
