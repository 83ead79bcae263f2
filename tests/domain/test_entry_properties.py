"""What holds of every typing line, whatever is typed (ux.md §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st

from codial_tui.domain.dates import FIRST, LAST, format_date, parse_date
from codial_tui.domain.entry.entry import parse_entry, search_entry
from codial_tui.domain.entry.entry_kinds import (
    DEFAULT_SIGNS,
    Chapter,
    Entry,
    FreeItem,
    Item,
    LastLine,
    Refused,
    Repeat,
    Search,
    quantity_notes,
)
from codial_tui.domain.entry.entry_scan import check_digit, is_barcode, read_scan, same_codes
from codial_tui.domain.entry.entry_words import MOST
from codial_tui.domain.entry.typing_lines import parse_filter, parse_followup, read_home
from codial_tui.domain.problems import Invalid
from codial_tui.domain.quantity import decimal_text

TODAY = date(2026, 11, 9)


class Catalogue:
    """TUB12, X45, `CE 200 S` and 4*40, whatever the case."""

    filed = frozenset(("TUB12", "X45", "CE 200 S", "4*40"))

    def reference(self, text: str) -> str | None:
        return text.upper() if text.upper() in self.filed else None

    def barcode(self, digits: str) -> str | None:
        return "TUB12" if digits == "96385074" else None


KNOWN = Catalogue()
SIGNS = "=;()!:.+/*-x,%&é\"'è_çà\u00a0\u202f\x1b\x00\ud800\ufb1dİ \t"
PARAMETERS = ["12", "2,5", "x8,45", "-10%", "-5%", "-2", "posé", " ", " "]
WORDS = ["tub12", "ce 200 s", "4*40", "96385074", "..", "---", *PARAMETERS]
pieces = st.sampled_from([*SIGNS, *WORDS])
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map("".join))
quantities = st.integers(-MOST, MOST)
prices = st.integers(0, MOST // 100).map(lambda cents: cents * 100)
ratios = st.lists(st.integers(0, 1_000_000), max_size=3).map(tuple)
labels = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20
).map(lambda label: normalize("NFC", label))


@given(texts, st.sampled_from([None, LastLine("TUB12")]))
@example("1,", None)
@example("2*", None)
@example("tub12 -%", None)
@example("-.*tub12", None)
@example("1\u00a0*tub12", None)
def test_any_text_is_an_entry(text: str, last: LastLine | None) -> None:
    entry = parse_entry(text, KNOWN, last=last)
    assert isinstance(entry, Entry)
    if isinstance(entry, Refused):
        assert entry.problem.message
        assert 0 <= entry.start <= entry.end <= len(text)
    for name in ("quantity", "unit_price", "count"):
        assert abs(getattr(entry, name, None) or 0) <= MOST
    assert isinstance(search_entry(text, KNOWN), Search | Refused)


@given(texts)
def test_any_text_is_a_line_of_home_a_filter_and_a_note(text: str) -> None:
    assert read_home(text) is not None
    assert parse_filter(text) is not None
    assert parse_followup(text, TODAY) is not None


def number(value: int, separator: str = ",") -> str:
    return decimal_text(value, 10_000).replace(".", separator)


def parameters(
    quantity: int | None, unit: str, price: int | None, discounts: tuple[int, ...]
) -> list[str]:
    """The parameters as one would type them."""
    typed = [] if quantity is None else [f"{number(quantity)} {unit}".strip()]
    typed += [] if price is None else [f"x{number(price, '.')}"]
    return typed + ["".join(f"-{number(ratio)}%" for ratio in discounts)] * bool(discounts)


def render(entry: Item | FreeItem | Repeat | Chapter, order: list[int]) -> str:
    """The line that says this entry; `order` shuffles what may stand in any order."""
    if isinstance(entry, Chapter):
        return "=" * entry.level + entry.label
    unit = entry.unit if isinstance(entry, FreeItem) else ""
    typed = parameters(entry.quantity, unit, entry.unit_price, entry.discounts)
    rest = " ".join(typed[index] for index in order if index < len(typed))
    if isinstance(entry, Repeat):
        return f".. {rest}"
    signs = {"option": DEFAULT_SIGNS.option, "variant": DEFAULT_SIGNS.variant, None: ""}
    tag = signs[entry.tag]
    if isinstance(entry, FreeItem):
        return f"{tag}.{entry.label};{rest}"
    return f"{tag}{'*' if entry.assembly_only else ''}{entry.reference} {rest}"


entries = st.one_of(
    st.builds(
        Item,
        st.sampled_from(sorted(KNOWN.filed)),
        st.none() | quantities,
        st.none() | prices,
        ratios,
        st.sampled_from([None, "option", "variant"]),
        st.booleans(),
    ),
    st.builds(
        FreeItem,
        labels.filter(lambda label: label[0] not in ".=*"),
        quantities,
        st.sampled_from(["", "h", "m²", "ml"]),
        st.none() | prices,
        ratios,
        st.sampled_from([None, "option", "variant"]),
    ),
    st.builds(Repeat, st.none() | quantities, st.none() | prices, ratios),
    st.builds(Chapter, st.integers(1, 3), labels.filter(lambda label: label[0] != "=")),
)


@given(entries, st.permutations([0, 1, 2]))
def test_what_is_rendered_reads_back(
    entry: Item | FreeItem | Repeat | Chapter, order: list[int]
) -> None:
    assert replace(parse_entry(render(entry, order), KNOWN), notes=()) == entry


@given(st.integers(0, 10**9), st.sampled_from(["", "0", "00", "5", "25", "0001", "10"]))
def test_numbers_read_as_typed(whole: int, fraction: str) -> None:
    expected = whole * 10_000 + int(fraction.ljust(4, "0"))
    for separator in ",.":
        entry = parse_entry(f"tub12 {whole}{separator * bool(fraction)}{fraction}", KNOWN)
        if expected > MOST:
            assert isinstance(entry, Refused)
        else:
            assert entry == Item("TUB12", expected, notes=quantity_notes(expected))


@given(quantities.map(lambda value: value // 10**8 * 10**4), st.integers(1, 999))
def test_a_count_is_the_quantity(value: int, factor: int) -> None:
    behind = parse_entry(f"tub12 {number(value * factor)}", KNOWN)
    before = parse_entry(f"{number(value)}*{factor}*tub12", KNOWN)
    assert before == behind


@given(
    st.sampled_from([7, 11, 12, 13]).flatmap(
        lambda n: st.from_regex(rf"[0-9]{{{n}}}", fullmatch=True)
    )
)
def test_check_digits(digits: str) -> None:
    digits = "".join(str(int(digit)) for digit in digits)
    right = digits + check_digit(digits)
    assert is_barcode(right)
    assert sum(is_barcode(digits + last) for last in "0123456789") == 1
    scan = read_scan(right.translate(str.maketrans("1234567890", "&é\"'(-è_çà")))
    assert scan is not None and scan.digits == right
    assert all(is_barcode(form) and int(form) == int(right) for form in same_codes(right))


@given(st.dates(FIRST, LAST))
def test_dates_read_back(day: date) -> None:
    assert parse_date(format_date(day), TODAY) == day
    assert parse_date(f"{day:%d%m%y}", TODAY) == day
    assert parse_date(f"{day:%d%m%Y}", TODAY) == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", TODAY) == day
    assert parse_date(f"{day:%d%m}", day) == parse_date(str(day.day), day) == day


@given(st.integers(0, 26_000))
def test_days_from_today(days: int) -> None:
    assert (parse_date(f"+{days}", TODAY) - TODAY).days == days
    assert parse_date(f"+{days}j", TODAY) == parse_date(f"+{days}J", TODAY)


@given(st.text(max_size=12) | st.text("0123456789/.-+j", max_size=12), st.dates())
def test_no_text_is_another_error(text: str, today: date) -> None:
    try:
        assert FIRST <= parse_date(text, today) <= LAST
    except Invalid as error:
        assert error.problems[0].message
