"""Schema 25: the chart of accounts and journals of a company made before schema 14.

Entries went to these accounts without rows, by default; the list of accounts was empty, and the
first account typed stood alone.
"""

from __future__ import annotations

from ..dialect import Dialect

ACCOUNTS = (
    ("customer", "411000", "Clients", ""),
    ("retention", "411700", "Clients, retenues de garantie", ""),
    ("deposit", "419100", "Clients, acomptes reçus", ""),
    ("direct_payment", "401000", "Fournisseurs, paiement direct", ""),
    ("prorata", "467000", "Compte prorata", ""),
    ("sale", "707000", "Ventes de marchandises", ""),
    ("sale", "706000", "Prestations de services", "service"),
    ("shipping", "708500", "Ports et frais facturés", ""),
    ("charge", "708800", "Autres produits annexes", ""),
    ("vat", "445710", "TVA collectée", ""),
    ("vat_receipts", "445740", "TVA en attente d'encaissement", ""),
    ("discount", "665000", "Escomptes accordés", ""),
    ("difference", "658000", "Différences de règlement", ""),
    ("fees", "627000", "Services bancaires", ""),
)
JOURNALS = (
    ("VE", "Ventes"),
    ("BQ", "Banque"),
    ("CA", "Caisse"),
    ("OD", "Opérations diverses"),
)


def apply(dialect: Dialect) -> None:
    if not dialect.row("SELECT 1 FROM company"):  # a new company brings its own
        return
    roles = {role for (role,) in dialect.rows("SELECT role FROM account_rule")}
    rows = [(*account, place) for place, account in enumerate(ACCOUNTS) if account[0] not in roles]
    names = ("role", "account", "label", "supply_nature", "position")
    dialect.insert_many("account_rule", names, rows)
    codes = {code for (code,) in dialect.rows("SELECT code FROM accounting_journal")}
    dialect.insert_many(
        "accounting_journal",
        ("code", "label", "position"),
        [(*row, place) for place, row in enumerate(JOURNALS) if row[0] not in codes],
    )
