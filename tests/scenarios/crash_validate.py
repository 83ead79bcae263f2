"""Invoices validated in a process that will be killed, and what must hold afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import crash

from codial_tui.bootstrap import open_program
from codial_tui.domain.money import SCALE4
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain.transfers import Request, transfer
from codial_tui.services.documents import requests
from codial_tui.services.documents.rows import load
from codial_tui.services.invoicing import validating
from codial_tui.services.law import signed_count, verification

Say = Callable[[str], None]
ORDERED = 9_000


def build(path: Path) -> None:
    """A company with one big order of something kept in stock."""
    crash.build(path, 0)
    program = open_program(str(path), login="essai")
    context = program.context
    with context.database.write():
        context.database.execute("UPDATE item SET stock_managed = 1")
    party = context.database.value("SELECT name FROM party")
    lines = [{"type": "item", "reference": "CE200S", "quantity": str(ORDERED)}]
    customer = {"name": party, "street": "1 rue X", "postcode": "33000", "city": "BORDEAUX"}
    asked = {"kind": "order", "customer": customer, "lines": lines}
    requests.create(context, parse_document(json.dumps(asked)))
    program.close()


def validate_for_ever(path: Path, say: Say) -> None:
    """Bill one piece of the order, say so, validate the invoice, say its number; again."""
    program = open_program(str(path), login="essai")
    context = program.context
    order = context.database.value("SELECT id FROM document WHERE kind = 'order'")
    source = load(context.database, order)
    assert source is not None
    takes = {order: {source.lines[0].uid: SCALE4}}
    while True:
        request = Request((order,), "invoice", takes=takes, goods_taken=True)
        draft = transfer(context, request).target_id
        say(f"draft {draft}")
        say(f"number {validating.validate(context, draft).ref}")


def broken(path: Path, said: str) -> list[str]:
    """What is wrong afterwards: numbers have no gap, every number said is there, each invoice
    that has one is whole (seal, state, stock, audit, log), and none has a part of it."""
    program = open_program(str(path), login="essai")
    database = program.context.database
    found = [line for line in said.splitlines() if line.startswith("fault")]
    found += [f"{one.field} {one.text}" for one in verification.verify(program.context)[1]]
    rows = database.rows(
        "SELECT d.serial, d.number, d.state, (SELECT COUNT(*) FROM invoice_seal s "
        "WHERE s.document_id = d.id), (SELECT COUNT(*) FROM document_line l "
        "JOIN stock_move m ON m.line_uid = l.uid WHERE l.document_id = d.id), "
        "(SELECT COUNT(*) FROM document_event e WHERE e.document_id = d.id AND e.type = 'state'), "
        "(SELECT COUNT(*) FROM step p WHERE p.document_id = d.id AND p.label = 'Validée') "
        "FROM document d WHERE d.kind = 'invoice' ORDER BY COALESCE(d.serial, 999999), d.id"
    )
    numbered = [row for row in rows if row[1]]
    whole = [(n, "validated", 1, 1, 1, 1) for n in range(1, len(numbered) + 1)]
    if [(row[0], *row[2:]) for row in numbered] != whole:
        found.append(f"numbered: {numbered}")
    if any((row[0], *row[2:]) != (None, "provisional", 0, 0, 0, 0) for row in rows if not row[1]):
        found.append(f"half an invoice: {[row for row in rows if not row[1]]}")
    there = {row[1] for row in numbered}
    told = [line.split()[1] for line in said.splitlines() if line.startswith("number")]
    found += [f"{one} was said and is gone" for one in told if one not in there]
    count = database.value("SELECT last FROM number_series WHERE code = 'FA'", (), 0)
    audit = database.value("SELECT COUNT(*) FROM audit_log WHERE action = 'invoice.validated'")
    if not count == audit == len(numbered):
        found.append(f"counter {count}, audit {audit}, invoices {len(numbered)}")
    signed = signed_count.read(program.context)
    least = max((row[0] for row in numbered if row[1] in told), default=0)
    if least and (signed is None or not least <= signed.heads["invoices"][0] <= len(numbered)):
        found.append(f"signed count {signed}, said {least}, invoices {len(numbered)}")
    papers = database.value("SELECT COUNT(*) FROM attachment WHERE origin = 'printed'")
    if papers != len(numbered):
        found.append(f"papers {papers}, invoices {len(numbered)}")
    program.close()
    return found


def numbers(path: Path) -> int:
    """How many invoices have a number."""
    program = open_program(str(path), login="essai")
    count = program.context.database.value(
        "SELECT COUNT(number) FROM document WHERE kind='invoice'"
    )
    program.close()
    return int(count)
