"""Recomputing the chain of validated invoices: each seal from its rows, each hash from the one
before (domain.md §6 « Law »). What is found says what was touched, not by whom.

A whole end of the chain that is cut off together with its invoices and its counter is not found
here, but by the signed count kept apart (`services.signed_count`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_types
from codial_tui.domain.law.canonical import (
    FIRST,
    Sealed,
    body,
    chained,
    differences,
    parse,
    sealed,
)
from codial_tui.domain.lines.totals import Totals, totals
from codial_tui.domain.numbering import period_of
from codial_tui.domain.problems import Problem
from codial_tui.services.context import Context
from codial_tui.services.documents.bulk_rows import PAGE, load_many

Look = Callable[[Document, Totals], Iterable[Problem]]
"""What else there is to say of an invoice that was loaded and added up."""
Row = tuple[Any, ...]
_SEALS = (
    "SELECT position, document_id, document_uid, number, canonical, previous_hash, hash, "
    "validated_at, validated_name FROM invoice_seal WHERE position > ? ORDER BY position LIMIT ?"
)


def nothing(*_: Any) -> Iterable[Problem]:
    return ()


def verify(
    context: Context, look: Look = nothing, said: Callable[[Any], Any] = nothing
) -> Iterator[Problem]:
    """Everything that is wrong with the chain: its first broken link, then every invoice whose
    rows are not what was sealed, or that has no seal, and numbers that are missing.

    look: is given each sealed invoice with its totals; said: the object of each seal's text.
    """
    previous, position, broken = FIRST, 0, False
    seals = _pages(context)
    while page := list(islice(seals, PAGE)):
        documents = load_many(context.database, [row[1] for row in page])
        for row in page:
            position += 1
            found, its = _read(row[4])
            if not broken:
                reason = _link(row, position, previous, its)
                if reason:
                    broken = True
                    yield Problem("seal.chain", row[3], f"chaîne rompue : {reason}")
            position, previous = row[0], row[6]
            if its:
                said(found)
            yield from _rows(row, found, its, documents, look)
    yield from _unsealed(context)
    yield from _missing(context)


def _read(text: str) -> tuple[Any, Sealed | None]:
    """The object of a canonical text, and what it is of; None where it is no such text."""
    try:
        found = parse(text)
        return found, sealed(found)
    except ValueError:
        return None, None


def _pages(context: Context) -> Iterator[Row]:
    """The seals in order, few in memory at a time."""
    after = -(2**60)
    while page := context.database.rows(_SEALS, (after, PAGE)):
        yield from page
        after = page[-1][0]


def _link(row: Row, position: int, previous: str, said: Sealed | None) -> str:
    """Why a seal does not follow the one before; "" when it does."""
    own, _, uid, number, text, before, found, at, by = row
    if own != position:
        return f"maillon {position} absent"
    if before != previous:
        return f"le maillon {position} ne suit pas le précédent"
    if chained(before, text) != found:
        return f"l'empreinte du maillon {position} n'est pas celle de ses données"
    if said is None:
        return f"les données du maillon {position} sont illisibles"
    if said[:3] != ((own, at, by), uid, number):
        return f"le maillon {position} ne dit pas ce que disent ses données"
    return ""


def _rows(
    row: Row, text: Any, said: Sealed | None, documents: dict[int, Document | None], look: Look
) -> Iterator[Problem]:
    """What of a sealed invoice is not stored as it was. text: the object of its seal."""
    number = row[3]
    if row[1] not in documents:
        yield Problem("seal.gone", number, "la facture scellée n'existe plus")
        return
    document = documents[row[1]]
    if document is None or said is None:
        yield Problem("seal.rows", number, "la facture ne se recalcule plus")
        return
    if document.state == "provisional":
        yield Problem("seal.state", number, "la facture scellée est redevenue provisoire")
    try:
        added = totals(document)
        found = body(document, said.seal, said.version, added)
        changed = differences(text, found) if found != text else []
        yield from look(document, added)
    except (ValueError, TypeError, ArithmeticError):
        yield Problem("seal.rows", number, "la facture ne se recalcule plus")
        return
    if found != text:
        where = ", ".join(changed[:5]) or "forme"
        yield Problem("seal.rows", number, f"la facture n'est plus ce qui fut validé : {where}")


def _unsealed(context: Context) -> Iterator[Problem]:
    rows = context.database.rows(
        "SELECT d.id, d.number FROM document d LEFT JOIN invoice_seal s ON s.document_id = d.id "
        "WHERE d.kind = 'invoice' AND s.document_id IS NULL "
        "AND (d.state <> 'provisional' OR d.number IS NOT NULL) ORDER BY d.id"
    )
    for document_id, number in rows:
        yield Problem("seal.missing", number or f"FA-P{document_id}", "facture validée sans scellé")


def _missing(context: Context) -> Iterator[Problem]:
    """Numbers of a series that no invoice has, between the first and the last one given."""
    for kind in doc_types():
        if not kind.numbering.gapless:
            continue
        found: dict[tuple[int, str], list[int]] = {}
        for place, day, serial in context.database.rows(
            "SELECT establishment_id, date, serial FROM document "
            "WHERE kind = ? AND number IS NOT NULL ORDER BY serial",
            (kind.kind,),
        ):
            period = period_of(day or "", kind.numbering.period)
            found.setdefault((place, period), []).append(serial or 0)
        for (place, period), serials in found.items():
            last = context.database.value(
                "SELECT last FROM number_series "
                "WHERE establishment_id = ? AND code = ? AND period = ?",
                (place, kind.numbering.code, period),
                0,
            )
            gone = sorted({*range(serials[0], last + 1)} - {*serials})
            if gone or last < serials[-1]:
                said = f"n° {gone[0]}" if gone else f"compteur à {last} après le n° {serials[-1]}"
                name = f"{kind.numbering.code} {period}".strip()
                yield Problem("seal.number", name, f"trou dans la série : {said}")
