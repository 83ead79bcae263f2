"""The demo company: master data in one transaction, then its quotes (demo_quotes) and
its maintenance (demo_maintenance).

Everything is in assets/demo; loading again goes on where a crash left it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codial_tui.domain.quantity import parse_cents, parse_coefficient
from codial_tui.domain.text import fold
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.records import company, parties, settings

from . import demo_files, demo_maintenance, demo_quotes
from .demo_items import ItemLoader
from .demo_writer import DemoWriter

FACTS = ("waste", "terms")
"""Tables of company.toml that become the settings `issuer.NAME`."""

LOADED = "demo.loaded"
"""Company setting: the demo is there as a whole (true), or still being loaded (false)."""

_ROLES = {"administrator": "admin"}
_FLAGS = ("is_default", "is_salesperson", "is_technician", "end_of_month")


def load(context: Context, *, maintenance: bool = True, **values: Any) -> None:
    """Build the demo company in an empty database. maintenance: with its machines, work orders and
    planning; values: columns of `company` other than the demo's own (a SIREN takes the demo's
    SIRET and VAT number away).

    Raises Refused when a company that is not the demo's is there.
    """
    content = demo_files.company()
    if not company.exists(context):
        _create(context, content, values)
    elif settings.value(context, LOADED) is None:
        raise refuse(
            "company.exists", "Une société existe déjà dans cette base", "--database autre-fichier"
        )
    if not settings.value(context, LOADED):
        company.load_communes(context)
        demo_quotes.load(context)
        if maintenance:
            demo_maintenance.load(context)
        settings.store(context, LOADED, True, own=False)


def _create(context: Context, content: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    own = {**content["company"], "capital": parse_cents(content["company"]["capital"])}
    if values.get("siren"):
        own.update(siret="", vat_number="")
    checked = company.check(context, {**own, **values})
    with context.database.write():
        company.insert(context, checked)
        _Loader(context, content).load()
    company.opened(context, checked)


class _Loader(DemoWriter):
    """Writes the master data, inside the caller's transaction."""

    def __init__(self, context: Context, content: Mapping[str, Any]) -> None:
        super().__init__(context)
        self.content = content

    def load(self) -> None:
        self._settings()
        self._places()
        self._users()
        self._reference_data()
        self._parties()
        ItemLoader(self.context).load()
        self._forms()

    # -- the company ---------------------------------------------------------------------------

    def _settings(self) -> None:
        values = {f"issuer.{name}": self.content[name] for name in FACTS}
        values[LOADED] = False
        values["home.tagline"] = self.content["tagline"]
        rows = [(name, json.dumps(one, ensure_ascii=False)) for name, one in values.items()]
        self.insert_many("setting", ("name", "value"), rows)

    def _places(self) -> None:
        """The establishment and warehouse that every company starts with become the demo's."""
        database = self.context.database
        first, *others = (_flags(one) for one in self.content["establishment"])
        database.update("establishment", self.ids("establishment")["1"], first)
        self.upsert("establishment", [first, *others])
        places = self.ids("establishment")
        for table in ("branch", "assignment", "site"):
            rows = [dict(one) for one in self.content[table]]
            for row in rows:
                row["establishment_id"] = places[row.pop("establishment")]
            self.upsert(table, rows)
        (house,) = (dict(one) for one in self.content["warehouse"])
        house["establishment_id"] = places[house.pop("establishment")]
        database.update("warehouse", self.ids("warehouse")["1"], house)

    def _users(self) -> None:
        """Everybody of the demo, beside who is at the keyboard, who gets the favourites too."""
        branches, there = self.ids("branch"), self.ids("app_user", "login")
        for user in self.content["user"]:
            row = _flags(user)
            row["branch_id"] = branches[row.pop("branch")]
            row["role"] = _ROLES.get(row["role"], row["role"])
            if row["login"] in there:
                self.context.database.update("app_user", there[row["login"]], row)
            else:
                self.context.database.insert("app_user", {"uid": self.context.uid(), **row})
        users = self.ids("app_user", "initials")
        default = self.content["default_user"]
        favourites = {}
        for one in self.content["favourite"]:
            favourites[users[one["user"]], one["key"]] = one["text"]
            if one["user"] == default:
                favourites[self.context.user.id, one["key"]] = one["text"]
        rows = [(user, key, text) for (user, key), text in favourites.items()]
        self.insert_many("favourite", ("user_id", "key", "text"), rows)

    def _reference_data(self) -> None:
        units = [{**row, "decimals": int(row["decimals"])} for row in demo_files.rows("units")]
        self.upsert("unit", units, uid=False)
        self.upsert("payment_terms", [_flags(one) for one in self.content["payment_terms"]])
        natures = [
            {**one, "overhead": parse_coefficient(one["overhead"]) if "overhead" in one else None}
            for one in self.content["product_nature"]
        ]
        self.upsert("product_nature", natures, uid=False)
        lists = [dict(one) for one in self.content["price_list"]]
        self.upsert("price_list", [{k: r[k] for k in ("code", "label")} for r in lists])
        ids = self.ids("price_list")
        for row in lists:
            if "base" in row:
                base = {"base_id": ids[row["base"]]}
                self.context.database.update("price_list", ids[row["code"]], base)

    def _forms(self) -> None:
        fields = [
            {
                **{name: one[name] for name in ("owner", "name", "label", "type")},
                "choices": json.dumps(one.get("choices", []), ensure_ascii=False),
                "position": place,
            }
            for place, one in enumerate(self.content["custom_field"])
        ]
        self.put("custom_form_field", fields)

    # -- parties -------------------------------------------------------------------------------

    def _parties(self) -> None:
        customers, suppliers = demo_files.rows("customers"), demo_files.rows("suppliers")
        terms, lists = self.ids("payment_terms"), self.ids("price_list")
        people, branches = self.ids("app_user", "initials"), self.ids("branch")
        plain = (
            *("code", "name", "street", "street2", "postcode", "city", "country", "phone"),
            *("email", "siren", "siret", "vat_number", "vat_regime", "notes"),
        )
        now = self.context.now
        found = []
        for row, is_supplier in [(r, 0) for r in customers] + [(r, 1) for r in suppliers]:
            found.append(
                {
                    **{name: row.get(name, "") for name in plain},
                    "code_fold": fold(row["code"]),
                    "name_fold": fold(row["name"]),
                    "search_text": parties.search_text(row),
                    "is_supplier": is_supplier,
                    "is_prospect": row.flag("is_prospect"),
                    "is_customer": int(not is_supplier and not row.flag("is_prospect")),
                    "is_consumer": row.flag("is_consumer"),
                    "payment_terms_id": terms.get(row["payment_terms"]),
                    "price_list_id": lists.get(row.get("price_list")),
                    "salesperson_id": people.get(row.get("salesperson")),
                    "branch_id": branches.get(row.get("branch")),
                    "credit_limit": row.cents("credit_limit"),
                    "created_at": now,
                    "updated_at": now,
                }
            )
        self.put("party", found)
        ids = self.ids("party")
        for row in customers:
            if row["invoice_party"]:
                payer = {"invoice_party_id": ids[row["invoice_party"]]}
                self.context.database.update("party", ids[row["code"]], payer)
        self._around_parties(ids)

    def _around_parties(self, ids: Mapping[str, int]) -> None:
        for table, file in (("address", "addresses"), ("contact", "contacts")):
            rows = []
            for place, row in enumerate(demo_files.rows(file)):
                values: dict[str, Any] = {"party_id": ids[row["party"]], "position": place, **row}
                del values["party"]
                if table == "contact":
                    values["is_default"] = row.flag("is_default")
                    values["name_fold"] = fold(row["name"])
                rows.append(values)
            self.put(table, rows)


def _flags(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(one) if name in _FLAGS else one for name, one in row.items()}
