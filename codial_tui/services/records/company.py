"""The company: created once, with the reference data every document starts from.

Rates, regimes, units and terms are data (domain.md §2; cli.md): the rows here are only what a
French company starts with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codial_tui.domain.payments.reminder_letters import LEVELS
from codial_tui.domain.problems import Problem
from codial_tui.domain.quantity import format_percent
from codial_tui.domain.text import clean
from codial_tui.errors import Refused, refuse
from codial_tui.services.context import Context
from codial_tui.services.law import signing

from . import letters, parties

RATES = (
    (200_000, "Taux normal"),
    (100_000, "Taux intermédiaire"),
    (55_000, "Taux réduit"),
    (21_000, "Taux particulier"),
    (0, "Taux zéro"),
)

REGIMES = (
    ("normal", "France", "S", "", ""),
    (
        "reverse_charge",
        "Autoliquidation",
        "AE",
        "VATEX-FR-AE",
        "Autoliquidation, article 283-2 nonies du CGI",
    ),
    ("exempt", "Exonéré", "E", "", "Exonération de TVA"),
    ("franchise", "Franchise", "E", "VATEX-FR-FRANCHISE", "TVA non applicable, art. 293 B du CGI"),
    (
        "intra_eu",
        "Intracommunautaire",
        "K",
        "VATEX-EU-IC",
        "Exonération de TVA, article 262 ter I du CGI",
    ),
    ("export", "Export", "G", "VATEX-EU-G", "Exonération de TVA, article 262 I du CGI"),
    ("out_of_scope", "Hors champ", "O", "VATEX-EU-O", "Opération hors du champ de la TVA"),
)

UNITS = (
    ("u", "unité", "C62", 2),
    ("ml", "mètre linéaire", "MTR", 2),
    ("m²", "mètre carré", "MTK", 2),
    ("m³", "mètre cube", "MTQ", 3),
    ("h", "heure", "HUR", 2),
    ("j", "jour", "DAY", 2),
    ("kg", "kilogramme", "KGM", 3),
    ("t", "tonne", "TNE", 3),
    ("l", "litre", "LTR", 2),
    ("sac", "sac", "XBG", 0),
    ("big", "big bag", "XBG", 0),
    ("cou", "couronne", "XRO", 0),
    ("ens", "ensemble", "SET", 2),
    ("for", "forfait", "LS", 0),
    ("bte", "boîte", "XBX", 0),
    ("km", "kilomètre", "KMT", 1),
)

PAYMENT_MODES = (
    ("VIR", "Virement", "30", "512000", "BQ"),
    ("CB", "Carte bancaire", "48", "512000", "BQ"),
    ("CHQ", "Chèque", "20", "512000", "BQ"),
    ("ESP", "Espèces", "10", "530000", "CA"),
    ("PRL", "Prélèvement", "59", "512000", "BQ"),
    ("TRT", "Traite", "24", "413000", "BQ"),
)
"""Code, label, UNTDID 4461, account of the bank or cash box, journal."""
TERMS = (
    ("comptant", "Comptant", 0, 0),
    ("30j", "30 jours", 30, 0),
    ("30fdm", "30 jours fin de mois", 30, 1),
    ("45fdm", "45 jours fin de mois", 45, 1),
    ("60j", "60 jours", 60, 0),
)

COST_CATEGORIES = (
    ("main_oeuvre", "Main d'œuvre", "labour"),
    ("pieces", "Pièces", "article"),
    ("divers", "Divers", "consumable"),
    ("sous_traitance", "Sous-traitance", "article"),
)

JOURNALS = (
    ("VE", "Ventes"),
    ("BQ", "Banque"),
    ("CA", "Caisse"),
    ("OD", "Opérations diverses"),
)

NATURES = (
    ("fourniture", "Fourniture"),
    ("main_oeuvre", "Main d'œuvre"),
    ("deplacement", "Déplacement et transport"),
    ("sous_traitance", "Sous-traitance"),
)


def exists(context: Context) -> bool:
    return context.database.row("SELECT 1 FROM company") is not None


def init(context: Context, name: str, **values: Any) -> None:
    """Create the company with its establishment and reference data, as one transaction; the user
    at the keyboard administers it. values: columns of `company`.

    Raises Refused when there is one already or an identifier is wrong.
    """
    checked = check(context, {**values, "name": name})
    with context.database.write():
        insert(context, checked)
    opened(context, checked)


def check(context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    """The company's columns as they will be stored. Raises Refused as `init` does."""
    if exists(context):
        raise refuse(
            "company.exists",
            "Une société existe déjà dans cette base",
            "ouvrez une autre base avec --database",
        )
    checked = {key: clean(one) if isinstance(one, str) else one for key, one in values.items()}
    for key in ("siren", "siret", "vat_number"):
        checked[key] = str(checked.get(key) or "").replace(" ", "").upper()
    problems = parties.check(checked)
    if problems:
        raise Refused(*problems)
    if checked["siren"] and not checked["vat_number"]:
        checked["vat_number"] = vat_number_of(checked["siren"])
    return checked


def insert(context: Context, values: Mapping[str, Any]) -> None:
    """Store a checked company and its reference data, inside the caller's transaction."""
    database = context.database
    database.insert("company", {"id": 1, "uid": context.uid(), **values})
    database.insert(
        "establishment",
        {
            "uid": context.uid(),
            "code": "1",
            "name": values.get("city") or "Siège",
            "is_default": 1,
            "siret": values["siret"],
        },
    )
    _reference_data(context)
    _accounts(context)
    letters.insert(context)
    house = {"uid": context.uid(), "code": "1", "name": "Dépôt principal", "is_default": 1}
    database.insert("warehouse", house)
    database.execute("UPDATE app_user SET role = 'admin' WHERE id = ?", (context.user.id,))
    signing.ensure(context)


def opened(context: Context, values: Mapping[str, Any]) -> None:
    """Let this session see the company that was just created."""
    context.cache.clear()
    context.edition = str(values.get("edition") or "trade")
    context.size = str(values.get("size") or "sme")
    context.user = context.user._replace(role="admin")


def vat_number_of(siren: str) -> str:
    """The French VAT number of a SIREN: FR, key, SIREN (CGI ann. II art. 242 nonies)."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _reference_data(context: Context) -> None:
    insert_many = context.database.insert_many
    insert_many(
        "vat_rate",
        ("code", "label", "category", "rate", "is_default", "position"),
        [
            (
                format_percent(rate).removesuffix(" %"),
                f"{label} {format_percent(rate)}",
                "S" if rate else "Z",
                rate,
                int(place == 0),
                place,
            )
            for place, (rate, label) in enumerate(RATES)
        ],
    )
    insert_many(
        "vat_regime",
        ("code", "label", "category", "exemption_code", "mention", "position"),
        [(*row, place) for place, row in enumerate(REGIMES)],
    )
    insert_many(
        "unit",
        ("code", "label", "unece", "decimals", "position"),
        [(*row, place) for place, row in enumerate(UNITS)],
    )
    insert_many(
        "payment_terms",
        ("uid", "code", "label", "days", "end_of_month", "position"),
        [(context.uid(), *row, place) for place, row in enumerate(TERMS)],
    )
    insert_many(
        "payment_mode",
        ("code", "label", "method", "account", "journal", "position"),
        [(*row, place) for place, row in enumerate(PAYMENT_MODES)],
    )
    insert_many(
        "reminder_level",
        ("position", "label", "days", "body"),
        [(one.position, one.label, one.days, one.body) for one in LEVELS],
    )
    insert_many(
        "cost_category",
        ("code", "label", "billing_class", "position"),
        [(*row, place) for place, row in enumerate(COST_CATEGORIES)],
    )
    insert_many(
        "product_nature",
        ("code", "label", "position"),
        [(*row, place) for place, row in enumerate(NATURES)],
    )


def _accounts(context: Context) -> None:
    """The chart of accounts and journals a company starts with."""
    from codial_tui.domain.accounting.accounts import DEFAULTS

    context.database.insert_many(
        "account_rule",
        ("role", "account", "label", "supply_nature", "position"),
        [
            (one.role, one.account, one.label, one.nature, place)
            for place, one in enumerate(DEFAULTS)
        ],
    )
    context.database.insert_many(
        "accounting_journal",
        ("code", "label", "position"),
        [(*row, place) for place, row in enumerate(JOURNALS)],
    )


def load_communes(context: Context) -> int:
    """Load the postcodes that ship with the program, once; returns how many there are.

    In short transactions, so that nobody waits; safe to call again after a crash.
    """
    from codial_tui.config import asset
    from codial_tui.domain.text import fold
    from codial_tui.exchange.communes import read

    database = context.database
    have: int = database.value("SELECT COUNT(*) FROM commune")
    rows = [(postcode, name, fold(name)) for postcode, name in read(asset("communes.csv.gz"))]
    if have == len(rows):
        return have
    with database.write():
        database.execute("DELETE FROM commune")
    for start in range(0, len(rows), 2000):
        with database.write():
            database.insert_many(
                "commune", ("postcode", "name", "name_fold"), rows[start : start + 2000]
            )
    return len(rows)


def add_rate(context: Context, rate: int, label: str = "") -> None:
    """Make a VAT rate (10⁻⁶) usable. Raises Refused when it is there already or out of range."""
    if not 0 <= rate <= 1_000_000:
        raise Refused(Problem("vat_rate.range", "rate", "Un taux va de 0 à 100 %"))
    code = format_percent(rate).removesuffix(" %")
    database = context.database
    with database.write():
        if database.row("SELECT 1 FROM vat_rate WHERE code = ?", (code,)):
            raise refuse("vat_rate.exists", f"Le taux {code} % existe déjà")
        place = database.value("SELECT COUNT(*) FROM vat_rate")
        database.insert(
            "vat_rate",
            {
                "code": code,
                "label": clean(label) or f"TVA {code} %",
                "rate": rate,
                "category": "S" if rate else "Z",
                "position": place,
            },
        )
