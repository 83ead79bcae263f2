"""Reading JSON written by other programs: every key is named, everything wrong is told at once.

Numbers are decimal strings with a point (`"8.45"`): a JSON number is a binary float to most
programs, so it is refused where decimals count. Problems carry the path of the value as `field`
(`lines.3.quantity`, counted from 0 as in JSON).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from codial_tui.domain.money import SCALE4
from codial_tui.domain.problems import Invalid, Problem, invalid
from codial_tui.domain.text import clean

LARGEST = 20 << 20
"""Characters of a JSON text: some 100 000 lines."""

DIGITS = 11
"""Before the point: a hundred thousand million fits the schema at every scale."""

_NUMBER = re.compile(r"(-?)([0-9]{1,1000})(?:\.([0-9]{1,20}))?")


def load(content: str | bytes) -> Any:
    """The value of a JSON text. Raises Invalid `json.unreadable`: not JSON, not UTF-8, too big or
    too deep, a key given twice."""
    if len(content) > LARGEST:
        raise invalid("json.unreadable", "plus de 20 Mo", "partagez le document")
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise invalid("json.unreadable", "ce n'est pas de l'UTF-8") from error
    except RecursionError as error:
        raise invalid("json.unreadable", "JSON trop profond") from error
    except json.JSONDecodeError as error:
        raise invalid(
            "json.unreadable", f"JSON illisible ligne {error.lineno}, colonne {error.colno}"
        ) from error
    except ValueError as error:  # an integer of thousands of digits
        raise invalid("json.unreadable", "JSON illisible : nombre trop grand") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise invalid("json.unreadable", f"clé « {clean(twice)[:40]} » donnée deux fois")
    return found


def _no_constant(name: str) -> Any:
    raise invalid("json.unreadable", f"{name} n'est pas une valeur JSON")


class JsonObject:
    """A JSON object being read: ask for its keys, then `close` to refuse the others.

    Methods answer None (or "", ()) for a key that is absent or wrong; what is wrong goes to
    `problems`, shared by all objects of a text.
    """

    def __init__(self, value: Any, path: str, problems: list[Problem]) -> None:
        self.path, self.problems = path, problems
        self.keys: dict[str, Any] = value if isinstance(value, dict) else {}
        self._asked: set[str] = set()
        if not isinstance(value, dict):
            self.refuse("json.type", "", "objet { } attendu")

    def refuse(self, code: str, name: str, message: str, remedy: str = "") -> None:
        """Add a problem of the key `name` ("" = the object itself)."""
        field = ".".join(part for part in (self.path, name) if part)
        self.problems.append(Problem(code, field, message, remedy))

    def has(self, name: str) -> bool:
        self._asked.add(name)
        return name in self.keys

    def _get(self, name: str, kind: type, what: str, *, required: bool = False) -> Any:
        if not self.has(name):
            if required:
                self.refuse("json.missing", name, f"« {name} » manque")
            return None
        value = self.keys[name]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse("json.type", name, f"{what} attendu")
            return None
        return value

    def text(
        self, name: str, *, limit: int = 255, required: bool = False, multiline: bool = False
    ) -> str:
        """Clean text of at most `limit` characters."""
        value = self._get(name, str, "texte", required=required)
        if value is None:
            return ""
        value = clean(value, multiline=multiline)
        if required and not value:
            self.refuse("json.missing", name, f"« {name} » est vide")
        elif len(value) > limit:
            self.refuse("text.too_long", name, f"{len(value)} caractères, {limit} au plus")
        return str(value)

    def choice(self, name: str, choices: Collection[str], *, required: bool = False) -> str | None:
        """One of a few words."""
        value = self._get(name, str, "texte", required=required)
        if value is not None and value not in choices:
            self.refuse("json.choice", name, f"une valeur parmi {', '.join(choices)} attendue")
            return None
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool:
        return bool(self._get(name, bool, "true ou false"))

    def integer(self, name: str, low: int, high: int) -> int | None:
        """A JSON integer within bounds."""
        value = self._get(name, int, "nombre entier")
        if value is not None and not low <= value <= high:
            self.refuse("json.choice", name, f"de {low} à {high}")
            return None
        return value if isinstance(value, int) else None

    def day(self, name: str) -> str | None:
        """A date as ISO text, `2026-11-22`."""
        value = self._get(name, str, "date")
        if value is None:
            return None
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                raise ValueError(value)
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.refuse("date.unreadable", name, "date illisible", "AAAA-MM-JJ")
            return None

    def number(
        self, name: str, scale: int = SCALE4, decimals: int = 4, *, signed: bool = True
    ) -> int | None:
        """A decimal string as an integer of 1/scale; more than `decimals` decimals are refused,
        zeros at the end aside."""
        value = self._get(name, str, 'nombre entre guillemets ("8.45")')
        if value is None:
            return None
        return self._number(name, value, scale, decimals, signed=signed)

    def percent(self, name: str) -> int | None:
        """A percentage from 0 to 100 as a ratio in 10⁻⁶."""
        return self._percent(name, self.number(name, signed=False))

    def percents(self, name: str, most: int) -> tuple[int, ...]:
        """A list of percentages."""
        found = []
        for index, value in enumerate(self._list(name, most)):
            place = f"{name}.{index}"
            if not isinstance(value, str):
                self.refuse("json.type", place, 'nombre entre guillemets ("10") attendu')
                continue
            ratio = self._percent(place, self._number(place, value, SCALE4, 4, signed=False))
            if ratio is not None:
                found.append(ratio)
        return tuple(found)

    def words(self, name: str, choices: Collection[str], most: int) -> tuple[str, ...]:
        """A list of words out of a few, each once."""
        values = self._list(name, most)
        for index, value in enumerate(values):
            if not isinstance(value, str) or value not in choices:
                self.refuse(
                    "json.choice",
                    f"{name}.{index}",
                    f"une valeur parmi {', '.join(choices)} attendue",
                )
        return tuple(value for value in values if isinstance(value, str) and value in choices)

    def objects(self, name: str, most: int) -> Iterator[JsonObject]:
        """The objects of a list."""
        for index, value in enumerate(self._list(name, most)):
            yield JsonObject(value, f"{self.path}.{name}.{index}".lstrip("."), self.problems)

    def close(self) -> None:
        """Refuse the keys nobody asked for."""
        for name in self.keys:
            if name not in self._asked:
                shown = clean(name)[:40]
                self.refuse("json.unknown_key", shown, f"clé inconnue « {shown} »")

    def _list(self, name: str, most: int) -> list[Any]:
        values = self._get(name, list, "liste [ ]")
        if values is None:
            return []
        if len(values) > most:
            self.refuse("json.too_many", name, f"{len(values)} éléments, {most} au plus")
            return []
        return list(values)

    def _number(
        self, name: str, text: str, scale: int, decimals: int, *, signed: bool = True
    ) -> int | None:
        match = _NUMBER.fullmatch(text)
        if match is None:
            self.refuse("number.unreadable", name, "nombre illisible", "par exemple 8.45")
            return None
        sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
        if len(fraction) > decimals:
            self.refuse("number.decimals", name, f"{decimals} décimales au plus")
        elif len(whole) > DIGITS:
            self.refuse("number.too_big", name, "nombre trop grand")
        elif sign and not signed:
            self.refuse("number.negative", name, "pas négatif")
        else:
            value = int(whole) * scale + int(fraction.ljust(len(str(scale)) - 1, "0"))
            return -value if sign else value
        return None

    def _percent(self, name: str, value: int | None) -> int | None:
        if value is not None and value > 100 * SCALE4:
            self.refuse("percent.out_of_range", name, "de 0 à 100 %")
            return None
        return value  # percents in 10⁻⁴ are ratios in 10⁻⁶


def raise_all(problems: list[Problem]) -> None:
    """Raise Invalid when there is any problem."""
    if problems:
        raise Invalid(*problems)
