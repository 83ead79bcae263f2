"""One of the programs that transfer and merge into the same documents:
`python -m bench.chain_load DATABASE SECONDS SEED` prints one JSON object."""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .results import percentile

if TYPE_CHECKING:
    from codial_tui.services.context import Context

ORDERS, LINES = 12, 4
EXPECTED = {
    *("transfer.nothing", "quantity.left", "merge.target_state", "merge.target_transferred"),
    *("transfer.final", "transfer.not_ready", "document.unknown", "document.changed"),
    *("document.printed", "pool.taken"),
}
"""What losing a race may be answered: always words, never a broken transaction."""


def prepare(context: Context) -> None:
    """Orders that everybody wants something of."""
    from codial_tui.services.documents import documents, requests

    from .chain import asked

    for _ in range(ORDERS):
        documents.insert(context, requests.build(context, asked(LINES, "2000")))


def run(database: str, seconds: float, seed: int) -> dict[str, Any]:
    from codial_tui.bootstrap import open_program
    from codial_tui.errors import Refused

    dice = random.Random(seed)
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    broken: list[str] = []
    times: list[float] = []
    with closing(open_program(database, program="bench", login=f"u{seed}")) as program:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            begin = time.perf_counter()
            try:
                what = one(program.context, dice)
                done[what] += 1
            except Refused as error:
                code = error.problems[0].code
                refused[code] += 1
                if code not in EXPECTED:
                    broken.append(f"{code}: {error.problems[0].message}")
            except Exception as error:
                broken.append(f"{type(error).__name__}: {error} ({error.__cause__})")
            times.append((time.perf_counter() - begin) * 1000)
    Path(tempfile.gettempdir(), f"chain-{os.getpid()}.pdf").unlink(missing_ok=True)
    return {"done": done, "refused": refused, "broken": broken[:5], "times": times}


def one(context: Context, dice: random.Random) -> str:
    """One gesture on documents that the others use too; returns its name."""
    from codial_tui.services.chain import transfer_undo
    from codial_tui.services.chain.transfers import Request, transfer
    from codial_tui.services.paper import printing

    def some(kind: str, state: str) -> int:
        """A document of the oldest ones, so that programs meet."""
        found = context.database.rows(
            "SELECT id FROM document WHERE kind = ? AND state = ? ORDER BY id DESC LIMIT 4",
            (kind, state),
        )
        return int(dice.choice(found)[0]) if found else 0

    order = dice.randint(1, ORDERS)
    note = some("delivery_note", "open")
    throw = dice.random()
    lines = context.database.rows(
        "SELECT uid FROM document_line WHERE document_id = ? ORDER BY position", (order,)
    )
    takes = {uid: dice.randint(1, 3) * 10_000 for (uid,) in lines}
    if throw < 0.5:
        into = note if note and dice.random() < 0.7 else None
        choices = dict.fromkeys(("subject", "salesperson", "payment_terms", "texts"), "target")
        transfer(context, Request((order,), "delivery_note", into, {order: takes}, choices))
        return "merge" if into else "delivery_note"
    if throw < 0.65 and note:
        transfer_undo.undo(context, note)
        return "undo"
    if throw < 0.8 and note:
        where = printing.ToFile(Path(tempfile.gettempdir()) / f"chain-{os.getpid()}.pdf", True)
        printing.finish(context, note, printing.prepare(context, note, where), b"%PDF", "mesure")
        return "print"
    if throw < 0.95 and (ready := some("delivery_note", "printed")):
        invoice = some("invoice", "provisional")
        into = invoice if invoice and dice.random() < 0.5 else None
        choices = dict.fromkeys(("subject", "salesperson", "payment_terms", "texts"), "target")
        transfer(context, Request((ready,), "invoice", into, {}, choices))
        return "invoice"
    transfer(context, Request((order,), "invoice", None, {order: takes}, {}, False))
    return "direct_invoice"


def verdict(context: Context, answers: list[dict[str, Any]]) -> dict[str, Any]:
    """What the programs did, how long each gesture took, and what is wrong in the database."""
    times = [one for answer in answers for one in answer["times"]]
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for answer in answers:
        done.update(answer["done"])
        refused.update(answer["refused"])
    return {
        "gestures": sum(done.values()),
        "done": dict(done),
        "refused": dict(refused),
        "p50_ms": round(percentile(times, 50), 1),
        "p99_ms": round(percentile(times, 99), 1),
        "most_ms": round(max(times), 1),
        "wrong": [one for answer in answers for one in answer["broken"]] + wrong(context),
    }


def wrong(context: Context) -> list[str]:
    """Quantities taken twice, pools that are not what their links say, numbers given twice."""
    database = context.database
    checks = {
        "pool beyond its line": "SELECT line_id FROM line_pool WHERE NOT "
        "((quantity >= 0 AND taken BETWEEN 0 AND quantity) "
        "OR (quantity < 0 AND taken BETWEEN quantity AND 0))",
        "pool is not its links": "SELECT p.line_id FROM line_pool p LEFT JOIN line_link k "
        "ON k.source_line_id = p.line_id AND k.pool = p.pool "
        "GROUP BY p.line_id, p.pool, p.taken HAVING p.taken <> COALESCE(SUM(k.quantity), 0)",
        "number twice": "SELECT kind, number FROM document WHERE number IS NOT NULL "
        "GROUP BY kind, number HAVING COUNT(*) > 1",
        "delivered is not linked": "SELECT l.id FROM document_line l "
        "JOIN document d ON d.id = l.document_id JOIN line_link k ON k.target_line_id = l.id "
        "WHERE d.kind = 'delivery_note' AND k.pool = 'deliver' "
        "GROUP BY l.id, l.quantity HAVING SUM(k.quantity) <> l.quantity",
        "stock is not what was printed": "SELECT l.uid FROM document_line l "
        "JOIN document d ON d.id = l.document_id JOIN stock_move m ON m.line_uid = l.uid "
        "GROUP BY l.uid HAVING COUNT(*) > 1",
    }
    return [f"{name}: {found[:3]}" for name, sql in checks.items() if (found := database.rows(sql))]


if __name__ == "__main__":
    result = run(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(result) + "\n")
