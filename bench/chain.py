"""The chain: an order of 100 lines → delivery note → printed → invoice, every commit included,
÷ the same rows inserted through bare peewee `insert_many`, in as many commits, in the same run;
2 000 lines ÷ 100; and eight programs that transfer and merge into the same documents.

What is measured without the PDF is what the keys wait for: the program draws the pages beside
them (`printing.prepare`, `carry_out`, `finish`). `with_pdf` draws them inside.
"""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from .results import Options, Result, limit, ratio

if TYPE_CHECKING:
    from codial_tui.exchange.documents import DocumentRequest
    from codial_tui.services.context import Context

LINES, MANY = 100, 2_000
BARE_TARGET, MANY_TARGET = 3.0, 25.0
PROGRAMS, SECONDS = 8, 60
Rows = dict[str, list[dict[str, Any]]]
FOLLOW = {"stock_level", "stock_worth", "session", "number_series", "sqlite_sequence"}
"""Tables that triggers fill, or that no row of the chain is added to."""


def measure(options: Options) -> Result:
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        own = Path(folder)
        template = company(own / "template.sqlite3")
        hundred = compared(template, own, LINES, options.rounds(15))
        many = compared(template, own, MANY, 3)
        seconds = 10 if options.quick else SECONDS
        return {
            "lines": hundred,
            "many_lines": many,
            "bare": ratio(hundred["ours_ms"], hundred["bare_ms"], BARE_TARGET),
            "many": ratio(many["ours_ms"], hundred["ours_ms"], MANY_TARGET),
            "together": together(str(own / "together.sqlite3"), seconds),
        }


def company(path: Path) -> Path:
    """A new SQLite file with what `fill` makes."""
    fill(str(path))
    return path


def fill(url: str) -> None:
    """A company, a customer and items kept in stock."""
    from codial_tui.bootstrap import open_program
    from codial_tui.domain.text import fold
    from codial_tui.services.records import company as companies
    from codial_tui.services.records import parties

    with closing(open_program(url, create=True, program="bench", login="bench")) as program:
        context = program.context
        companies.init(context, "Mesure", siren="732829320")
        parties.create(context, {"code": "C1", "name": "MARTIN", "is_customer": 1})
        with context.database.write():
            for number in range(50):
                reference = f"ART{number}"
                row = {
                    "uid": context.uid(),
                    "reference": reference,
                    "reference_fold": fold(reference),
                    "label": f"Article {number}",
                    "search_text": fold(reference),
                    "sale_price": 12_300 + number,
                    "purchase_price": 7_000,
                    "stock_managed": 1,
                }
                context.database.insert("item", row)
        context.database.relieve()


def asked(lines: int, quantity: str = "3") -> DocumentRequest:
    from codial_tui.exchange.documents import parse_document

    rows = [
        {"type": "item", "reference": f"ART{number % 50}", "quantity": quantity}
        for number in range(lines)
    ]
    footer = [{"type": "discount", "percent": "2"}, {"type": "shipping", "amount": "10"}]
    return parse_document(
        json.dumps({"kind": "order", "customer": "C1", "lines": rows, "adjustments": footer})
    )


# -- one chain, and its rows on their own ------------------------------------------------------


def compared(template: Path, folder: Path, lines: int, rounds: int) -> Result:
    """Milliseconds of the whole chain, ours and bare, taken by turns on fresh copies."""
    ours: list[float] = []
    bare: list[float] = []
    drawn: list[float] = []
    phases: dict[str, list[float]] = {}
    for number in range(rounds):
        own, other = (folder / f"{name}.sqlite3" for name in ("ours", "bare"))
        for path in (own, other):
            for old in folder.glob(f"{path.name}*"):
                old.unlink() if old.is_file() else shutil.rmtree(old)
            shutil.copy(template, path)
        spent, pdf, rows = chain(own, lines)
        alone = inserted(other, rows)
        if number == 0 and rounds > 3:
            continue  # imports and caches
        ours.append(sum(spent.values()))
        drawn.append(ours[-1] + pdf)
        bare.append(alone)
        for name, milliseconds in spent.items():
            phases.setdefault(name, []).append(milliseconds)
    return {
        "lines": lines,
        "ours_ms": round(median(ours), 2),
        "bare_ms": round(median(bare), 2),
        "with_pdf_ms": round(median(drawn), 2),
        "with_pdf_ratio": round(median(drawn) / median(bare), 3),
        "rows": sum(len(found) for phase in rows for found in phase.values()),
        "phases_ms": {name: round(median(found), 2) for name, found in phases.items()},
        "rounds": len(ours),
    }


def chain(path: Path, lines: int) -> tuple[dict[str, float], float, list[Rows]]:
    """Milliseconds of each phase, those of drawing the PDF, and the rows: of the session, then of
    each phase."""
    from codial_tui.bootstrap import open_program
    from codial_tui.services.chain.transfers import Request, transfer
    from codial_tui.services.documents import documents, requests
    from codial_tui.services.paper import printing

    spent: dict[str, float] = {}
    rows: list[Rows] = []
    with closing(open_program(str(path), program="bench", login="bench")) as program:
        context = program.context
        order = requests.build(context, asked(lines))
        rows.append(
            {"session": context.database.mappings("SELECT * FROM session ORDER BY id DESC LIMIT 1")}
        )

        def timed(name: str, what: Callable[[], Any]) -> Any:
            before = highest(context)
            gc.collect()
            begin = time.perf_counter()
            result = what()
            spent[name] = (time.perf_counter() - begin) * 1000
            rows.append(added(context, before))
            return result

        order_id = timed("order", lambda: documents.insert(context, order))
        note = timed(
            "delivery_note", lambda: transfer(context, Request((order_id,), "delivery_note"))
        ).target_id
        where = printing.ToFile(path.with_suffix(".pdf"), replace=True)
        begin = time.perf_counter()
        pdf, words = printing.carry_out(printing.prepare(context, note, where))
        drawing = (time.perf_counter() - begin) * 1000
        timed(
            "printed",
            lambda: printing.finish(
                context, note, printing.prepare(context, note, where), pdf, words
            ),
        )
        timed("invoice", lambda: transfer(context, Request((note,), "invoice")))
    return spent, drawing, rows


def tables_of(context: Context) -> list[str]:
    found = context.database.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%) STRICT'"
    )
    return [row[0] for row in found if row[0] not in FOLLOW]


def highest(context: Context) -> dict[str, int]:
    """The last rowid of every table."""
    database = context.database
    return {
        name: database.value(f"SELECT MAX(rowid) FROM {name}") or 0 for name in tables_of(context)
    }


def added(context: Context, before: dict[str, int]) -> Rows:
    """The rows that came since; pools as they are before anything is taken."""
    found: Rows = {}
    for name, last in before.items():
        rows = context.database.mappings(f"SELECT * FROM {name} WHERE rowid > ?", (last,))
        if rows:
            found[name] = [{**row, "taken": 0} if name == "line_pool" else row for row in rows]
    return found


def inserted(path: Path, phases: list[Rows]) -> float:
    """Milliseconds to insert the rows through bare peewee, one transaction a phase; those of the
    session do not count."""
    from codial_tui.models import tables_document, tables_item, tables_party, tables_system
    from codial_tui.models.database import open_database
    from codial_tui.models.tables import Table

    assert tables_document and tables_item and tables_party and tables_system
    classes = {one._meta.table_name: one for one in Table.__subclasses__()}
    ahead = ("document", "document_line", "document_adjustment", "step", "line_pool", "attachment")
    with closing(open_database(str(path), create=False)) as database:
        peewee = database.dialect.peewee
        database.dialect.activate()
        gc.collect()
        for number, rows in enumerate(phases):
            if number == 1:
                begin = time.perf_counter()
            with peewee.atomic():
                for name in (*ahead, *(one for one in rows if one not in ahead)):
                    found = rows.get(name, [])
                    for start in range(0, len(found), 400):
                        classes[name].insert_many(found[start : start + 400]).execute()
        return (time.perf_counter() - begin) * 1000


# -- eight programs on the same documents ------------------------------------------------------


def together(url: str, seconds: int, programs: int = PROGRAMS) -> Result:
    """Programs that transfer and merge into the same targets of a new company; what the database
    holds then."""
    from codial_tui.bootstrap import open_program

    from .chain_load import prepare, verdict

    fill(url)
    with closing(open_program(url, program="bench", login="bench")) as program:
        prepare(program.context)
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.chain_load", url, str(seconds), str(seed)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[1],
        )
        for seed in range(programs)
    ]
    answers = [json.loads(run.communicate(timeout=seconds + 120)[0]) for run in runs]
    with closing(open_program(url, program="bench", login="bench")) as program:
        found = verdict(program.context, answers)
    return {
        "programs": programs,
        "seconds": seconds,
        **found,
        "broken": limit(len(found["wrong"]), 0),
    }
