"""A work order that is there gets the report of its technician as data: visits, parts, what was
done. One step, as if it had been typed (cli.md, `document complete`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from codial_tui.domain.changes import (
    Change,
    insert,
    insert_after,
    set_header,
    set_line,
    set_part,
)
from codial_tui.domain.document import Document, Line, Machine
from codial_tui.domain.problems import Problem
from codial_tui.domain.text import fold
from codial_tui.errors import Refused, refuse
from codial_tui.exchange.documents import DocumentRequest
from codial_tui.exchange.machines import MachineRequest
from codial_tui.services.context import Context
from codial_tui.services.maintenance import closing, returning

from . import documents, rows
from .editing import Editor
from .request_lines import LineMaker, known_rates
from .request_machines import Used, add_parts_used, boxes
from .request_parts import attach

TAKEN = ("kind", "external_id", "visits", "machines", "parts_used", "billable", "points")
"""What of a request a report has."""
_OF_LINE = tuple(one.name for one in fields(Line) if one.name not in ("id", "uid", "position"))


def complete(context: Context, ref: str, request: DocumentRequest) -> Document:
    """The work order as it stands with its report; as it is already when the `external_id` of the
    report was used. Raises Refused with every problem: not open, open at somebody else's, what no
    report has."""
    found = documents.get(context, ref)
    document_id = found.id
    if not closing.closes(found.kind):
        said, remedy = f"{found.ref} n'est pas un bon d'intervention", "codial-tui document list"
        raise refuse("state.kind", said, remedy, "ref")
    label = f"Rapport {request.external_id} reçu" if request.external_id else "Rapport reçu"
    editor = Editor(context, document_id)
    try:
        known = request.external_id and any(one.label == label for one in editor.stack.done)
        if editor.reason and not known:
            own = editor.reason.startswith(editor.document.ref)
            said = editor.reason if own else f"{editor.document.ref} : {editor.reason}"
            raise refuse("document.locked", said)
        if not known:
            editor.commit(_changes(context, editor, request), label)
    finally:
        editor.close()
    returning.check(context, document_id)
    return documents.get(context, ref)


def _changes(context: Context, editor: Editor, request: DocumentRequest) -> list[Change | None]:
    document, kind = editor.document, editor.kind
    problems = _unasked(request)
    made = rows.load(context.database, document.id)
    assert made is not None
    maker = LineMaker(context, made, known_rates(context), problems)
    used = add_parts_used(maker, kind, request, problems)
    attach(context, made, kind, request, problems)
    told = _told(context, document, request, problems)
    if problems:
        raise Refused(*problems)
    known = {line.uid: line for line in document.lines}
    changes: list[Change | None] = []
    for line in made.lines:
        if old := known.get(line.uid):
            own = {name: getattr(line, name) for name in _OF_LINE}
            changes.append(set_line(old, **own))
    fresh = [line for line in made.lines if line.uid not in known]
    changes += insert_after(document, fresh, None)
    count = len(document.visits)
    for position, visit in enumerate(made.visits[count:], count):
        visit.position = position
        changes.append(insert(visit))
    if request.billable is not None:
        changes.append(set_header(document, **boxes(request.billable)))
    if request.points is not None:
        changes.append(set_header(document, points=request.points))
    return [*changes, *_billed(used), *told]


def _billed(used: Iterable[Used]) -> list[Change]:
    """What is said of a part goes before what the boxes say."""
    covers = {True: "", False: "offered"}
    return [
        Change("set", "line", line.uid, {"covered": line.covered}, {"covered": covers[billed]})
        for line, billed in used
        if billed is not None
    ]


def _unasked(request: DocumentRequest) -> list[Problem]:
    empty = DocumentRequest(request.kind)
    names = [
        one.name
        for one in fields(request)
        if one.name not in TAKEN and getattr(request, one.name) != getattr(empty, one.name)
    ]
    said = "un rapport a visits, machine, parts_used, billable, points, external_id"
    return [Problem("json.unknown_key", name, said) for name in names]


def _told(
    context: Context, document: Document, request: DocumentRequest, problems: list[Problem]
) -> list[Change | None]:
    """The fault and the work done of machines that the work order has already; where it has none,
    they are told without one."""
    changes: list[Change | None] = []
    for asked in request.machines:
        texts = {name: getattr(asked, name) for name in ("fault", "work_done")}
        given = {name: text for name, text in texts.items() if text}
        found = _meant(context, document, asked)
        if len(found) == 1:
            changes.append(set_part(found[0], **given))
        elif not document.machines and not (asked.serial or asked.code):
            changes.append(insert(Machine(context.uid(), **given)))
        else:
            name = asked.serial or asked.code
            said = f"Machine {name} : pas sur {document.ref}" if name else "Quelle machine ?"
            several = ", ".join(one.serial or one.brand for one in document.machines)
            problems.append(Problem("machine.unknown", f"{asked.path}.serial", said, several))
    return changes


def _meant(context: Context, document: Document, asked: MachineRequest) -> list[Machine]:
    """The machines of this serial number or code; all of them where neither is said."""
    if asked.serial:
        return [one for one in document.machines if fold(one.serial) == fold(asked.serial)]
    if asked.code:
        sql = "SELECT id FROM equipment WHERE code_fold = ?"
        key = context.database.value(sql, (fold(asked.code),), 0)
        return [one for one in document.machines if one.equipment_id == key]
    return document.machines
