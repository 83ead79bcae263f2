"""Rows of an address file against the parties: recognised by code, SIRET, SIREN, else by name
and postcode; what was edited here is kept, and empty cells erase nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from codial_tui.domain.import_rules import country_code
from codial_tui.domain.problems import Invalid, Problem
from codial_tui.domain.text import fold
from codial_tui.models.dialect import Dialect, Queries
from codial_tui.services.context import Context
from codial_tui.services.records.parties import search_text

from .import_rows import Difference, Logged, Values, Write, changed, marks

_PLAIN = (
    "name", "street", "street2", "postcode", "city", "country", "siren", "siret", "vat_number",
    "phone", "email",
)  # fmt: skip
_COLUMNS = (
    "id", "code", "code_fold", "external_id", "name_fold", *_PLAIN, "is_customer", "is_supplier",
    "user_columns", "updated_at",
)  # fmt: skip
_ADDED = (
    "uid", "code", "code_fold", *_PLAIN, "name_fold", "search_text", "is_customer", "is_supplier",
    "created_at", "updated_at",
)  # fmt: skip


class PartyRules:
    """Customers or suppliers; a party that is both stays both."""

    def __init__(self, context: Context, kind: Literal["customers", "suppliers"]) -> None:
        self._context = context
        self._role = "is_customer" if kind == "customers" else "is_supplier"
        self._letter = "C" if kind == "customers" else "F"

    def settle(self, values: Values) -> tuple[Values, list[Problem]]:
        settled = dict(values)
        try:
            if "country" in settled:
                settled["country"] = country_code(settled["country"])
        except Invalid as error:
            return settled, list(error.problems)
        return settled, []

    def keys(self, values: Values) -> str:
        for name in ("code", "siret", "siren"):
            if values.get(name):
                return f"{name}:{fold(values[name])}"
        return f"name:{_place(values)}" if values.get("name") else ""

    def duplicate(self, first_line: int) -> Problem:
        return Problem("party.duplicate", "code", f"tiers en double (ligne {first_line})")

    def missing(self) -> Problem:
        return Problem("party.unknown", "code", "tiers inconnu")

    # what the database says -------------------------------------------------------------------

    def known(self, queries: Queries, batch: Sequence[Values]) -> list[Values | None]:
        found = self._stored(queries, batch)
        contacts = self._contacts(queries, [party["id"] for party in found.parties])
        result: list[Values | None] = []
        for values in batch:
            party = self._recognise(values, found)
            if party is not None:
                party["contacts"] = contacts.get(party["id"], frozenset())
            elif values.get("code"):
                values["_twin"] = found.twin(values)
            result.append(party)
        return result

    def _stored(self, queries: Queries, batch: Sequence[Values]) -> _Stored:
        wanted: dict[str, list[str]] = {
            "code_fold": [fold(values["code"]) for values in batch if "code" in values],
            "external_id": [values["code"] for values in batch if "code" in values],
            "siret": [values["siret"] for values in batch if "siret" in values],
            "siren": [values["siren"] for values in batch if "siren" in values],
            "name_fold": [fold(values["name"]) for values in batch if "name" in values],
        }
        stored = _Stored()
        for column, texts in wanted.items():
            if not texts:
                continue
            condition = f"{column} IN ({marks(texts)}) AND {column} <> ''"
            for row in queries.rows(
                f"SELECT {', '.join(_COLUMNS)} FROM party WHERE {condition}", texts
            ):
                stored.take(dict(zip(_COLUMNS, row)))
        return stored

    def _recognise(self, values: Values, found: _Stored) -> Values | None:
        if "code" in values:
            return found.one("code_fold", fold(values["code"])) or found.one(
                "external_id", values["code"]
            )
        if "siret" in values and (party := found.one("siret", values["siret"])):
            return party
        same = found.all("siren", values["siren"]) if "siren" in values else []
        if not same:
            same = found.all("place", _place(values)) if "name" in values else []
            same = [party for party in same if not party["siren"] or "siren" not in values]
        if "siret" in values:  # another establishment of the same company is another party
            same = [party for party in same if not party["siret"]]
        if len(same) > 1:
            same = [party for party in same if _place(party) == _place(values)]
        return same[0] if len(same) == 1 else None

    def _contacts(self, queries: Queries, ids: Sequence[int]) -> dict[int, frozenset[str]]:
        found: dict[int, frozenset[str]] = {}
        if ids:
            for key, name in queries.rows(
                f"SELECT party_id, name_fold FROM contact WHERE party_id IN ({marks(ids)})", ids
            ):
                found[key] = found.get(key, frozenset()) | {name}
        return found

    # comparing --------------------------------------------------------------------------------

    def compare(self, values: Values, known: Values | None) -> Difference:
        if known is None:
            difference = Difference([Write("party", None)], is_new=True)
            if "name" not in values:
                problem = Problem("party.name", "name", "Nom absent, et tiers inconnu")
                return Difference(is_new=True, problems=[problem])
            if values.get("_twin"):
                message = f"même nom et code postal que {values['_twin']}"
                difference.problems.append(
                    Problem("party.twin", "name", message, "doublon ?", "warning")
                )
            return difference
        difference = Difference()
        wanted: Values = {name: values[name] for name in _PLAIN if name in values}
        wanted[self._role] = 1
        after = changed(known, wanted, known["user_columns"])
        if after:
            before = {name: known[name] for name in (*after, "updated_at")}
            difference.writes.append(Write("party", known["id"], before, after))
        if "contact" in values and fold(values["contact"]) not in known["contacts"]:
            contact = {"party_id": known["id"], "name": values["contact"]}
            difference.writes.append(Write("contact", None, {}, contact))
        return difference

    # writing ----------------------------------------------------------------------------------

    def prepare(self, values: Values) -> None:
        """Nothing takes long here."""

    def make_ready(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        return []

    def extra(self, write: Write, known: Values | None, values: Values) -> Values:
        if write.target == "contact":
            return {"uid": self._context.uid(), "name_fold": fold(write.after["name"])}
        assert known is not None
        party = {**known, **write.after}
        return {
            "name_fold": fold(party["name"]),
            "search_text": search_text(party),
            "updated_at": self._context.now,
        }

    def add(self, database: Dialect, batch: Sequence[Values]) -> list[Logged]:
        now, logged = self._context.now, []
        for values, code in zip(batch, self._codes(database, batch)):
            party: Values = {name: values.get(name, "") for name in _PLAIN}
            party |= {
                "code": code,
                "country": values.get("country", "FR"),
                "is_customer": 0,
                "is_supplier": 0,
                self._role: 1,
            }
            derived = {
                "uid": self._context.uid(),
                "code_fold": fold(code),
                "name_fold": fold(party["name"]),
                "search_text": search_text(party),
                "created_at": now,
                "updated_at": now,
            }
            key = database.insert("party", party | derived)
            logged.append(Logged("add", "party", key, {}, party | {"updated_at": now}))
            if "contact" in values:
                contact = Write("contact", None, {}, {"party_id": key, "name": values["contact"]})
                database.insert("contact", contact.after | self.extra(contact, None, values))
        return logged

    def _codes(self, database: Dialect, batch: Sequence[Values]) -> list[str]:
        """The code of each row, the next free ones (C00001, F00001) for those without."""
        own = {fold(values["code"]) for values in batch if "code" in values}
        last: Any = database.value(
            "SELECT code FROM party WHERE code LIKE ? AND LENGTH(code) = 6 "
            "ORDER BY code DESC LIMIT 1",
            (f"{self._letter}0%",),
            "",
        )
        count = int(last[1:]) if last[1:].isdigit() else 0
        codes = []
        for values in batch:
            code = values.get("code")
            while not code:
                count += 1
                free = f"{self._letter}{count:05d}"
                taken = fold(free) in own or database.row(
                    "SELECT 1 FROM party WHERE code_fold = ?", (fold(free),)
                )
                code = None if taken else free
            codes.append(code)
        return codes


class _Stored:
    """The parties a batch may mean, by each of their keys."""

    def __init__(self) -> None:
        self.parties: list[Values] = []
        self._ids: set[int] = set()
        self._by: dict[tuple[str, str], list[Values]] = {}

    def take(self, party: Values) -> None:
        if party["id"] in self._ids:
            return
        self._ids.add(party["id"])
        party["user_columns"] = json.loads(party["user_columns"])
        self.parties.append(party)
        for name in ("code_fold", "external_id", "siret", "siren"):
            if party[name]:
                self._by.setdefault((name, party[name]), []).append(party)
        self._by.setdefault(("place", _place(party)), []).append(party)

    def all(self, name: str, text: str) -> list[Values]:
        return self._by.get((name, text), [])

    def one(self, name: str, text: str) -> Values | None:
        """The party with this key, when just one has it."""
        found = self.all(name, text)
        return found[0] if len(found) == 1 else None

    def twin(self, values: Values) -> str:
        """The code of another party of the same name and postcode."""
        found = self.all("place", _place(values)) if values.get("name") else []
        return str(found[0]["code"]) if found else ""


def _place(values: Values) -> str:
    return f"{fold(values.get('name', ''))}|{values.get('postcode', '')}"
