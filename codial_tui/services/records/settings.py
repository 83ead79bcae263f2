"""Settings and defaults: of the company, of a user, and the reference data documents start from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from codial_tui.services.context import Context

if TYPE_CHECKING:
    from codial_tui.domain.document import Value

DEFAULT_RATE = 200_000


def value(context: Context, name: str, default: Any = None) -> Any:
    """A setting: the user's own when there is one, else the company's, else `default`."""
    found = context.cache.get("settings")
    if found is None:
        rows = context.database.rows(
            "SELECT name, value, 0 FROM setting WHERE scope = 'company' UNION ALL "
            "SELECT name, value, 1 FROM user_setting WHERE user_id = ? ORDER BY 3",
            (context.user.id,),
        )
        found = context.cache["settings"] = {name: json.loads(text) for name, text, _ in rows}
    return found.get(name, default)


def store(context: Context, name: str, content: Any, *, own: bool = True) -> None:
    """Set a setting, the user's own or the company's."""
    text = json.dumps(content, ensure_ascii=False)
    table, key = ("user_setting", "user_id") if own else ("setting", "scope")
    whose = context.user.id if own else "company"
    database = context.database
    with database.write():
        database.execute(
            f"INSERT INTO {table} ({key}, name, value) VALUES (?, ?, ?) "
            f"ON CONFLICT ({key}, name) DO UPDATE SET value = excluded.value",
            (whose, name, text),
        )
    context.cache.pop("settings", None)


def default_establishment(context: Context) -> int | None:
    """The establishment new documents belong to."""
    chosen = value(context, "document.establishment_id")
    if chosen:
        return int(chosen)
    found: int | None = context.database.value(
        "SELECT id FROM establishment ORDER BY is_default DESC, id LIMIT 1"
    )
    return found


def default_rate(context: Context) -> int:
    """The VAT rate (10⁻⁶) proposed on new lines."""
    return int(value(context, "document.vat_rate", DEFAULT_RATE))


COMPANY_DEFAULTS = {
    "price_mode": "net",
    "price_decimals": 2,
    "vat_rounding": "rate",
    "vat_regime": "normal",
    "vat_on": "receipts",
}


def company_default(context: Context, name: str) -> Any:
    """How the company counts, unless a setting says otherwise: a column of `company`, by name of
    COMPANY_DEFAULTS."""
    own = context.cache.get("company_defaults")
    if own is None:
        names = ", ".join(COMPANY_DEFAULTS)
        row = context.database.mapping(f"SELECT {names} FROM company WHERE id = 1")
        own = context.cache["company_defaults"] = row or COMPANY_DEFAULTS
    return value(context, f"document.{name}", own[name])


def regime_of(context: Context, regime: str) -> str:
    """The regime of a document for a party of this regime: a company in franchise charges VAT
    to nobody (CGI art. 293 B)."""
    return str(company_default(context, "vat_regime")) if regime == "normal" else regime


def regime_values(context: Context, regime: str, rate: int) -> dict[str, Value]:
    """What a regime gives a document: VAT category, default rate and the words to print. S keeps
    the rate, the others (reverse charge, exempt, export…) are at zero."""
    row = context.database.row("SELECT category, mention FROM vat_regime WHERE code = ?", (regime,))
    category, mention = row or ("S", "")
    return {
        "vat_category": category,
        "vat_rate": rate if category == "S" else 0,
        "vat_mention": mention,
    }


def company(context: Context) -> dict[str, Any]:
    """The company's identity as stored, by column name; empty before there is one."""
    return context.database.mapping("SELECT * FROM company ORDER BY id LIMIT 1") or {}
