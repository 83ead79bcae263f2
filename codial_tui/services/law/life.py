"""The life of validated invoices against what says so elsewhere: their state and the moment of
their print against the chained journal and the exports, what lists find them by against their
header.

The seal holds what an invoice says (`canonical.LIFE` is what it leaves out); without this a reset
`printed_at` would let a second original out, and nobody would see it. Locks, versions and who wrote
last are nobody's proof and are not looked at; what is paid is `payment_check`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codial_tui.domain.law.chain_text import read
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context
from codial_tui.services.documents.rows import FOUND_BY, search_text

PAGE = 500
PRINTS = ("invoice.printed", "invoice.sent")
_EVENTS = (
    "SELECT position, canonical FROM chain_link WHERE chain = 'events' AND position > ? "
    f"AND subject IN ({', '.join('?' * len(PRINTS))}) ORDER BY position LIMIT {PAGE}"
)
_INVOICES = (
    "SELECT s.position, d.state, d.printed_at, d.search_text, d.location, d.sync_state, "
    "d.assigned_to, d.station_number, d.delivery, d.billing, "
    "EXISTS (SELECT 1 FROM accounting_entry e WHERE e.source = 'invoice' "
    f"AND e.source_uid = d.uid) AS posted, {', '.join(f'd.{one}' for one in FOUND_BY)} "
    "FROM invoice_seal s JOIN document d ON d.id = s.document_id WHERE s.position > ? "
    f"ORDER BY s.position LIMIT {PAGE}"
)
PLACE = {
    "location": "office", "sync_state": "", "assigned_to": "", "station_number": None,
    "delivery": "", "billing": "",
}  # fmt: skip
"""What these columns hold of a validated invoice."""


def verify(context: Context) -> Iterator[Problem]:
    """Invoices whose life is not what the journal and the exports say."""
    printed = _printed(context)
    after = 0
    while page := context.database.mappings(_INVOICES, (after,)):
        for row in page:
            after = row["position"]
            number = str(row["number"])
            for name, words in _wrong(row, printed.get(number)):
                yield Problem(f"life.{name}", number, words)


def _printed(context: Context) -> dict[str, str]:
    """By number: the moment of the first official print, as the journal says; "" where an older
    program did not write it down."""
    found: dict[str, str] = {}
    after = 0
    while page := context.database.rows(_EVENTS, (after, *PRINTS)):
        for position, text in page:
            after = position
            try:
                said = read(text)[1]
            except ValueError:  # said by the chain
                continue
            found.setdefault(str(said.get("number")), str(said.get("printed_at") or ""))
    return found


def _wrong(row: Mapping[str, Any], printed: str | None) -> Iterator[tuple[str, str]]:
    at = row["printed_at"]
    if printed is None and at:
        yield "printed", "imprimée selon elle, jamais selon le journal"
    elif printed is not None and not at:
        yield "printed", "imprimée selon le journal, pas selon elle"
    elif printed and at != printed:
        yield "printed", "imprimée à un autre moment que ne dit le journal"
    expected = "posted" if row["posted"] else "validated" if printed is None else "printed"
    if row["state"] not in (expected, "provisional"):  # provisional is said with the seal
        yield "state", f"état {row['state']}, le journal et les exports disent {expected}"
    if row["search_text"] != search_text(row):
        yield "search", "ce qui la fait trouver n'est pas ce qu'elle dit"
    for name, value in PLACE.items():
        if row[name] != value:
            yield name, f"{name} : {row[name]}"
