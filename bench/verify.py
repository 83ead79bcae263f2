"""`verify` of many validated invoices: how many a second, and how much memory more for ten times as
many (it must be flat). The invoices are one of five lines that the program validated, multiplied
with everything that seals them; papers are left out, their hashes cost what reading them costs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .results import Options, Result, limit

if TYPE_CHECKING:
    from codial_tui.domain.document import Document
    from codial_tui.services.context import Context

INVOICES, FEW, LINES = 100_000, 10_000, 5
LEAST = 1_500
"""invoices a second"""
MOST_MORE = 20.0
"""MB that ten times as many may take more"""
BATCH = 500
A_DAY = 40


def measure(options: Options) -> Result:
    many, few = (FEW, FEW // 10) if options.quick else (INVOICES, FEW)
    found = {}
    for count in (few, many):
        path = built(options.folder / f"verify-{count}-{LINES}.sqlite3", count)
        with path.open("rb") as file:  # what the disk does is not what is measured
            while file.read(1 << 24):
                pass
        done = subprocess.run(
            [sys.executable, "-m", "bench.verify", str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
            check=True,
        )
        found[count] = json.loads(done.stdout)
    rate = found[many]["rate"]
    return {
        "lines": LINES,
        "runs": found,
        "rate": {"value": rate, "target": LEAST, "pass": rate >= LEAST},
        "memory_more_mb": limit(found[many]["mb"] - found[few]["mb"], MOST_MORE),
        "wrong": limit(found[many]["wrong"] + found[few]["wrong"], 0),
    }


def built(path: Path, count: int) -> Path:
    """A database with so many sealed invoices, kept between runs."""

    from codial_tui.bootstrap import open_program

    if path.exists():
        return path
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    from .chain import fill

    fill(str(part))
    with closing(open_program(str(part), program="bench", login="bench")) as program:
        multiply(program.context, first(program.context), count)
        program.context.database.relieve()
    part.rename(path)
    return path


def first(context: Context) -> Document:
    """One invoice validated by the program."""
    from codial_tui.exchange.documents import parse_document
    from codial_tui.services.documents import requests
    from codial_tui.services.invoicing import validating

    lines = [{"type": "item", "reference": f"ART{n}", "quantity": "3"} for n in range(LINES)]
    customer = {"name": "Mesure", "street": "1 rue X", "postcode": "33000", "city": "BORDEAUX"}
    asked = {"kind": "invoice", "customer": customer, "lines": lines}
    asked |= {"date": "2026-01-01", "adjustments": [{"type": "discount", "percent": "2"}]}
    with context.database.write():  # its paper is not what is measured
        context.database.execute("UPDATE item SET stock_managed = 0")
    made = requests.create(context, parse_document(json.dumps(asked)))
    return validating.validate(context, made.id)


def multiply(context: Context, model: Document, count: int) -> None:
    """The same invoice under the next numbers, its seals chained on."""
    from codial_tui.services.law import signed_count

    done = 1
    while done < count:
        with context.database.write():
            for row in range(done, min(done + BATCH, count)):
                _copy(context, model, row)
            done = min(done + BATCH, count)
            context.database.execute("UPDATE number_series SET last = ? WHERE code = 'FA'", (done,))
            signed_count.due(context)


def _copy(context: Context, model: Document, row: int) -> None:
    from codial_tui.domain.law.canonical import Seal, canonical, chained
    from codial_tui.services.documents import rows

    database, day = context.database, date(2026, 1, 1) + timedelta(row // A_DAY % 330)
    number = f"FA26-{row + 1:05}"
    header = {**model.header, "number": number, "serial": row + 1, "date": day.isoformat()}
    made = replace(
        model,
        uid=context.uid(),
        header=header,
        lines=[replace(one, uid=context.uid()) for one in model.lines],
        adjustments=[replace(one, uid=context.uid()) for one in model.adjustments],
    )
    side = rows.side_fields(_kind())
    stored = {name: value for name, value in header.items() if name not in side}
    stored |= {"uid": made.uid, "kind": made.kind, "version": 1, "state": "provisional"}
    stored["search_text"] = rows.search_text(header)
    made.id = database.insert("document", stored)
    own = {"document_id": made.id, **{name: header[name] for name in side}}
    database.insert_many("document_invoice", tuple(own), [tuple(own.values())])
    for table, things, names in _parts(made):
        database.insert_many(
            table,
            ("document_id", *names),
            [
                (made.id, *(rows.encode(name, getattr(one, name)) for name in names))
                for one in things
            ],
        )
    database.execute("UPDATE document SET state = 'validated' WHERE id = ?", (made.id,))
    at = f"{day.isoformat()}T12:00:00.000Z"
    seal = Seal(row + 1, at, context.user.name)
    text = canonical(made, seal)
    previous = database.value("SELECT hash FROM invoice_seal WHERE position = ?", (row,))
    values = {
        "position": row + 1,
        "document_id": made.id,
        "document_uid": made.uid,
        "number": number,
        "canonical": text,
        "previous_hash": previous,
        "hash": chained(previous, text),
        "validated_at": at,
        "validated_by": context.user.id,
        "validated_name": context.user.name,
    }
    database.insert_many("invoice_seal", tuple(values), [tuple(values.values())])


def _kind() -> Any:
    from codial_tui.domain.kinds import doc_type

    return doc_type("invoice")


def _parts(made: Document) -> Iterator[tuple[str, list[Any], tuple[str, ...]]]:
    from codial_tui.domain.document import ADJUSTMENT_FIELDS, LINE_FIELDS

    yield "document_line", made.lines, LINE_FIELDS
    yield "document_adjustment", made.adjustments, ADJUSTMENT_FIELDS


def once(path: str) -> Result:
    """In a process of its own: the rate, and the most memory it ever had."""
    import resource

    from codial_tui.bootstrap import open_program
    from codial_tui.services.law import verification

    with closing(open_program(path, program="bench", login="bench")) as program:
        begin = time.perf_counter()
        count, problems = verification.verify(program.context)
        seconds = time.perf_counter() - begin
    for one in problems[:5]:
        sys.stderr.write(f"{one.code} {one.field} {one.text}\n")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "invoices": count,
        "seconds": round(seconds, 1),
        "rate": round(count / seconds),
        "mb": round(most, 1),
        "wrong": len(problems),
    }


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1])))
