"""Machines and parts of a work order as JSON: part of what `document create` takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .fields import REFERENCE_LIMIT
from .json_reader import JsonObject

MOST_MACHINES = 100
TEXT_LIMIT = 8_000
COVERAGES = ("none", "warranty", "contract")
CLASSES = ("items", "consumables", "labour", "travel")
"""What a work order bills or not, in the order of its boxes."""
_NAMES = ("brand", "type", "model", "location")


@dataclass(frozen=True, slots=True)
class MachineRequest:
    """A machine: by its code in the register, by its serial number (found, else registered), or as
    described. path: where it stands. coverage: None for what the register says that day."""

    path: str
    code: str = ""
    serial: str = ""
    brand: str = ""
    type: str = ""
    model: str = ""
    location: str = ""
    commissioned_on: str | None = None
    coverage: str | None = None
    fault: str = ""
    work_done: str = ""


def read(root: JsonObject) -> tuple[MachineRequest, ...]:
    """`machine`: one or a list of them, each an object or a serial number. What is wrong goes to
    the problems of the root."""
    return tuple(map(_machine, _entries(root)))


def _entries(root: JsonObject) -> Iterator[JsonObject]:
    if not root.has("machine"):
        return
    value = root.keys["machine"]
    several = value if isinstance(value, list) else [value]
    if len(several) > MOST_MACHINES:
        said = f"{len(several)} éléments, {MOST_MACHINES} au plus"
        root.refuse("json.too_many", "machine", said)
        return
    for index, one in enumerate(several):
        path = f"machine.{index}" if isinstance(value, list) else "machine"
        yield JsonObject({"serial": one} if isinstance(one, str) else one, path, root.problems)


def _machine(entry: JsonObject) -> MachineRequest:
    wrong = len(entry.problems)
    request = MachineRequest(
        entry.path,
        code=entry.text("code", limit=REFERENCE_LIMIT),
        serial=entry.text("serial", limit=60),
        brand=entry.text("brand", limit=60),
        type=entry.text("type", limit=60),
        model=entry.text("model", limit=60),
        location=entry.text("location", limit=120),
        commissioned_on=entry.day("commissioned_on"),
        coverage=entry.choice("coverage", COVERAGES),
        fault=entry.text("fault", limit=TEXT_LIMIT, multiline=True),
        work_done=entry.text("work_done", limit=TEXT_LIMIT, multiline=True),
    )
    entry.close()
    told = (request.code, request.serial, *(getattr(request, name) for name in _NAMES))
    if not any((*told, request.fault, request.work_done)) and len(entry.problems) == wrong:
        entry.refuse("json.missing", "serial", "« serial », « code » ou « brand » manque")
    return request
