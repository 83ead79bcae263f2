"""The number series: which number each kind of document gets next in each establishment."""

from __future__ import annotations

from typing import NamedTuple

from codial_tui.domain.kinds import doc_types
from codial_tui.domain.numbering import check_pattern, number_of, period_of
from codial_tui.domain.problems import Problem
from codial_tui.domain.spec import Numbering
from codial_tui.domain.text import clean
from codial_tui.errors import Refused
from codial_tui.services.context import Context
from codial_tui.services.documents.documents import log_audit

from . import rights, settings

MOST = 999_999_999


class Series(NamedTuple):
    """One series as it stands today. kinds: the documents that share it, in words; last: the last
    number given in the period, 0 for none; example: the next number as it will be printed."""

    establishment_id: int
    establishment: str
    code: str
    kinds: str
    period: str
    pattern: str
    last: int
    example: str
    twin: str = ""
    """another establishment whose series gives the same numbers"""


class RecordSeries(NamedTuple):
    """A series of records: machines, contracts, calls; where their numbers stand."""

    numbering: Numbering
    kinds: str
    table: str
    column: str


def listed(context: Context) -> list[Series]:
    """The series of every kind switched on, by establishment in use; those of machines, contracts
    and calls where new ones are numbered."""
    places = context.database.rows(
        "SELECT id, name FROM establishment WHERE active = 1 ORDER BY is_default DESC, id"
    )
    codes = {one.numbering.code: one for one in reversed(doc_types(context.editions))}
    found = [
        _series(context, int(place), str(name), codes[code].numbering, _kinds(context, code))
        for place, name in places
        for code in reversed(codes)
    ]
    numbering_place = settings.default_establishment(context)
    found += [
        _series(context, int(place), str(name), one.numbering, one.kinds)
        for place, name in places
        if place == numbering_place
        for one in _of_records(context)
    ]
    first: dict[tuple[str, str], Series] = {}
    for one in found:
        first.setdefault((one.code, one.pattern), one)
    twins = [first[one.code, one.pattern] for one in found]
    return [
        one if one is other else one._replace(twin=other.establishment)
        for one, other in zip(found, twins)
    ]


def find(context: Context, establishment_id: int, code: str) -> Series:
    """One series. Raises Refused when there is none."""
    for one in listed(context):
        if (one.establishment_id, one.code) == (establishment_id, code):
            return one
    raise Refused(Problem("series.unknown", "code", f"Série {code} inconnue"))


def _kinds(context: Context, code: str) -> str:
    kinds = [one for one in doc_types(context.editions) if one.numbering.code == code]
    return ", ".join(one.plural for one in kinds)


def _of_records(context: Context) -> list[RecordSeries]:
    """The series of what is numbered though it is no document."""
    from codial_tui.services.maintenance import calls, contracts, equipment

    if all(one.kind != "work_order" for one in doc_types(context.editions)):
        return []
    return [
        RecordSeries(Numbering(one.CODE, one.PATTERN), kinds, table, column)
        for one, kinds, table, column in (
            (equipment, "Machines", "equipment", "code"),
            (contracts, "Contrats", "contract", "number"),
            (calls, "Appels", "phone_call", "number"),
        )
    ]


def _series(
    context: Context, establishment_id: int, establishment: str, numbering: Numbering, kinds: str
) -> Series:
    today = context.today.isoformat()
    period = period_of(today, numbering.period)
    last, pattern = 0, numbering.pattern
    rows = context.database.rows(
        "SELECT period, pattern, last FROM number_series "
        "WHERE establishment_id = ? AND code = ? ORDER BY period DESC",
        (establishment_id, numbering.code),
    )
    if rows:
        pattern = str(rows[0][1])
    for own, its_pattern, given in rows:
        if own == period:
            last, pattern = int(given), str(its_pattern)
    return Series(
        establishment_id,
        establishment,
        numbering.code,
        kinds,
        period,
        pattern,
        last,
        number_of(pattern, today, last + 1),
    )


def put(
    context: Context, establishment_id: int, code: str, pattern: str, following: int | None = None
) -> None:
    """Set the pattern of a series and, when told, its next number; noted in the audit log.

    Documents keep the numbers they have. Raises Refused: a pattern that makes no good numbers, a
    next number that was given already or that another document bears, a gap in a series that may
    have none.
    """
    rights.require(context, "settings")
    numbering = _declared(context, code)
    pattern = clean(pattern)
    _refuse(check_pattern(pattern, invoice=numbering.gapless, period=numbering.period))
    database = context.database
    with database.write():
        series = find(context, establishment_id, code)
        count = series.last + 1 if following is None else following
        _refuse(_next_problems(series, count, gapless=numbering.gapless))
        number = number_of(pattern, context.today.isoformat(), count)
        own = next((one for one in _of_records(context) if one.numbering.code == code), None)
        table, column = (own.table, own.column) if own else ("document", "number")
        if database.row(f"SELECT 1 FROM {table} WHERE {column} = ?", (number,)):
            taken = Problem(
                "series.taken", "pattern", f"{number} existe déjà", "autre modèle ou n°"
            )
            raise Refused(taken)
        database.execute(
            "INSERT INTO number_series (establishment_id, code, period, pattern, last) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (establishment_id, code, period) "
            "DO UPDATE SET pattern = excluded.pattern, last = excluded.last",
            (establishment_id, code, series.period, pattern, count - 1),
        )
        detail = {"establishment": series.establishment, "code": code, "number": number}
        log_audit(context, "series.changed", {**detail, "before": series.example})


def check(context: Context, code: str, pattern: str) -> None:
    """Raises Refused for a pattern that the series of this code cannot have."""
    numbering = _declared(context, code)
    _refuse(check_pattern(clean(pattern), invoice=numbering.gapless, period=numbering.period))


def _declared(context: Context, code: str) -> Numbering:
    for kind in doc_types(context.editions):
        if kind.numbering.code == code:
            return kind.numbering
    for one in _of_records(context):
        if one.numbering.code == code:
            return one.numbering
    raise Refused(Problem("series.unknown", "code", f"Série {code} inconnue"))


def _next_problems(series: Series, count: int, *, gapless: bool) -> list[Problem]:
    first = series.last + 1
    if count < first:
        said = f"Le n° {series.last} est déjà donné" if series.last else "Le premier n° est le 1"
        return [Problem("series.backward", "next", said, f"{first} ou plus")]
    if count > MOST:
        return [Problem("series.too_big", "next", f"{MOST} au plus")]
    if gapless and series.last and count != first:
        return [Problem("series.gap", "next", "Une série de factures n'a pas de trou", f"{first}")]
    return []


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)
