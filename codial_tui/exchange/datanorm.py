"""DATANORM 4 and 5: German suppliers' catalogues, one record a line, fields between semicolons.

The format is described by its owner's handbook (Krammer Verlag) and by the files in the field.
Read: V (header), A (article), B (its second record in version 4), Z (price steps), P (prices with
their discounts), T and D (long texts), S (group names), E (end, number of records). Prices are
cents per price unit: codes 0–3 stand for 1, 10, 100, 1000 in version 4, the number itself in
version 5. The character set is code page 850, unless the letters say otherwise.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid, Problem, invalid

from . import datanorm_records as records
from . import values
from .delimited import lines
from .encoding import Text, shown
from .fields import LABEL_LIMIT, REFERENCE_LIMIT
from .formats import Row, SourceFormat

COLUMNS = (
    "reference", "label", "ean", "price", "price_per", "unit", "family", "price_steps",
    "purchase_price", "long_label", "stopped",
)  # fmt: skip
TEXTS_KEPT = 500
"""Long texts waiting for their articles; older ones go, so that memory stays flat."""
TEXT_LINES = 400

_NET, _ON_REQUEST = "2", "9"
_QUANTITY = values.number_reader("quantity", "quantité", ",")
_READ = frozenset("VABZPTDSE")
_RECORD = re.compile(rb"(A;[NALX]|B;[NAL]|P;[NAL]);[^;]+;")
_IGNORED = {"R": "groupes de remise", "J": "ensembles", "G": "images", "C": "prestations"}

Version = Literal["datanorm4", "datanorm5"]


def version(head: bytes) -> Version | None:
    """Which DATANORM a file starts like; None when it is none.

    Raises Invalid for version 3, whose fields have fixed places: nobody supplies it any more.
    """
    first = head.removeprefix(BOM_UTF8).split(b"\n", 1)[0].rstrip(b"\r")
    if re.match(rb"V;0?5\d;", first):
        return "datanorm5"
    if first.startswith(b"V") and len(first) >= 125 and first[2:8].isdigit():
        number = first[123:125]
        if number == b"04":
            return "datanorm4"
        raise invalid(
            "import.datanorm_version",
            f"DATANORM {number.decode('ascii', 'replace').strip('0 ') or '3'} : version non lue",
            "demandez la version 4 ou 5 au fournisseur",
        )
    if _RECORD.match(first) and first.count(b";") >= 6:
        return "datanorm5" if first.startswith(b"A;") and first.count(b";") > 20 else "datanorm4"
    return None


def describe(path: Path, kind: Version, text: Text) -> SourceFormat:
    """The format of a DATANORM file: counts its records, tells a cut file and what is not read.
    It has no sample: its records are no table, the rows are."""
    counts: Counter[str] = Counter()
    announced: int | None = None
    for line in lines(path, text.encoding):
        bare = line.rstrip("\r\n\x1a")
        if not bare:
            continue
        counts[bare[0]] += 1
        if bare[0] == "V":
            _check_currency(path, bare)
        if bare.startswith("E;"):
            announced = records.whole(bare.split(";")[1])
    problems = [
        _ignored(letter, count) for letter, count in sorted(counts.items()) if letter not in _READ
    ]
    total = counts.total()
    if announced is not None and announced != total:
        problems.insert(
            0,
            Problem(
                "import.row_count",
                "",
                f"{total} enregistrements, {announced} annoncés : fichier coupé ?",
                "redemandez le fichier au fournisseur",
                "warning",
            ),
        )
    return SourceFormat(
        path,
        kind,
        encoding=text.encoding,
        separator=";",
        columns=COLUMNS,
        rows=counts["A"] or counts["P"],
        problems=tuple(problems),
    )


def rows(source: SourceFormat) -> Iterator[Row]:
    """One row per article, with the records that follow it; records away from their article come
    as partial rows.

    `price` is what the A record holds: `price_kind` "gross" (before the customer's discounts) or
    "net" (his purchase price). A P record with discounts also gives `purchase_price`.
    """
    return _Reader(source).rows()


class _Reader:
    """The state of a file being read: the article in hand, group names, waiting texts."""

    def __init__(self, source: SourceFormat) -> None:
        self.source = source
        self.is_5 = source.kind == "datanorm5"
        self.current: records.Article | None = None
        self.families: dict[str, str] = {}
        self.texts: dict[str, list[str]] = {}
        self.price_date: str | None = None

    def rows(self) -> Iterator[Row]:
        for number, line in enumerate(lines(self.source.path, self.source.encoding), 1):
            bare = line.rstrip("\r\n\x1a")
            kind = bare.partition(";")[0]
            if bare.startswith("V"):
                self.price_date = records.header(bare)[1]
            if kind not in ("A", "B", "Z", "P", "T", "D", "S"):
                continue
            cells = bare.split(";")
            cells += [""] * (30 - len(cells))
            if kind == "A":
                yield from self.flush()
                self.current = self.article(number, cells)
            elif kind == "P":
                yield from self.flush()
                yield from records.price_rows(number, cells)
            elif kind == "S":
                group = f"{cells[2].strip()}/{cells[4].strip()}"
                self.families[group] = values.tidy(cells[5] or cells[3])
            elif kind == "T":
                self.long_text(cells)
            else:
                if not self.holds(cells[2]):
                    yield from self.flush()
                    self.current = records.Article(number, values.tidy(cells[2]), partial=True)
                self.follow(kind, cells)
        yield from self.flush()

    def holds(self, reference: str) -> bool:
        return self.current is not None and self.current.reference == values.tidy(reference)

    def flush(self) -> Iterator[Row]:
        if self.current is not None:
            yield self.current.row()
        self.current = None

    def article(self, number: int, cells: list[str]) -> records.Article:
        """An A record; its fields stand in another order in each version."""
        if self.is_5:
            label = f"{cells[3]} {cells[4]}"
            unit, kind, per, price = cells[5:9]
            main, group, text_key = cells[10], cells[11], cells[23]
        else:
            label = f"{cells[4]} {cells[5]}"
            kind, per, unit, price = cells[6:10]
            main, group, text_key = cells[11], "", cells[12]
        article = records.Article(number, records.short_reference(cells[2]))
        article.take("reference", values.text_reader("reference", REFERENCE_LIMIT), cells[2])
        if cells[1].strip() == "X":
            article.problems.append(
                Problem("datanorm.renumbered", "reference", "changement de référence : non repris")
            )
            return article
        if cells[1].strip() == "L":
            article.values["stopped"] = True
        article.take("label", values.text_reader("label", LABEL_LIMIT), label)
        article.take("unit", records.unit, unit)
        family = self.family(main.strip(), group.strip())
        if family:
            article.values["family"] = family
        if self.is_5:
            article.take("ean", values.ean, cells[18])
        self.take_price(article, kind.strip(), per, price)
        article.text_key = text_key.strip()
        if article.text_key in self.texts:
            article.text = self.texts[article.text_key]
        return article

    def take_price(self, article: records.Article, kind: str, per: str, price: str) -> None:
        """Cents per price unit. 0 means that the price comes elsewhere, or on request."""
        units = records.price_unit(per, self.is_5)
        if units is None:
            article.raw["price_per"] = per
            article.problems.append(
                Problem("price_per.unreadable", "price_per", "unité de prix inconnue")
            )
            return
        article.values["price_per"] = units * SCALE4
        if kind == _ON_REQUEST:
            return
        article.take("price", records.cents, price)
        if not article.values.get("price"):
            article.values.pop("price", None)
            return
        article.values["price_kind"] = "net" if kind == _NET else "gross"
        if self.price_date:
            article.values["price_date"] = self.price_date

    def follow(self, kind: str, cells: list[str]) -> None:
        """A B, D or Z record of the article in hand."""
        article = self.current
        assert article is not None
        if kind == "Z":
            self.step(article, cells)
        elif kind == "B":
            article.take("ean", values.ean, cells[9])
        else:
            article.dimensions.append(values.tidy(f"{cells[6]} {cells[9]}"))

    def step(self, article: records.Article, cells: list[str]) -> None:
        """A Z record: from a quantity on, another price. Surcharges and percents are not taken."""
        if cells[7].strip() != "1" or cells[8].strip() != "+":
            article.warn("price_step.surcharge", "price_steps", "supplément non repris")
            return
        try:
            least, price = _QUANTITY(cells[14]), records.cents(cells[11])
        except Invalid as error:
            article.raw["price_steps"] = cells[11]
            article.problems += [Problem(p.code, "price_steps", p.message) for p in error.problems]
            return
        if not price:  # `0 bis 99999998;…;0`: an unused step, not a gift
            return
        per = records.price_unit(cells[10], self.is_5) or 0
        if article.values.setdefault("price_per", per * SCALE4) != per * SCALE4:
            article.problems.append(
                Problem("price_step.unit", "price_steps", "palier dans une autre unité de prix")
            )
            return
        article.steps.append((least or 0, price))

    def long_text(self, cells: list[str]) -> None:
        """A line of a long text: kept for the articles that name it, before or after it."""
        name = cells[2].strip()
        found = map(values.tidy, [cells[5]] if self.is_5 else [cells[6], cells[9]])
        current = self.current
        if current is not None and name and current.text_key == name:
            current.text = self.texts.setdefault(name, [])  # the very list: it goes on growing
        kept = self.texts.setdefault(name, [])
        if len(kept) < TEXT_LINES:
            kept.extend(filter(None, found))
        while len(self.texts) > TEXTS_KEPT:
            del self.texts[next(iter(self.texts))]

    def family(self, main: str, group: str) -> str:
        """The name of a group when an S record gave it, else its code."""
        return (
            self.families.get(f"{main}/{group}")
            or self.families.get(f"{main}/")
            or values.tidy(group or main)
        )


def _ignored(letter: str, count: int) -> Problem:
    what = _IGNORED.get(letter, f"enregistrements {letter}")
    return Problem("datanorm.ignored", "", f"{count} {what} non repris", level="warning")


def _check_currency(path: Path, line: str) -> None:
    currency = records.header(line)[0]
    if currency not in ("", "EUR"):
        raise invalid(
            "import.currency",
            f"« {shown(path)} » donne ses prix en {currency[:3]}",
            "demandez un tarif en euros",
        )
