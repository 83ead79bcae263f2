"""The entries of a period, from sealed invoices and recorded payments; nothing is written here.

What `domain.accounting` needs is looked up: accounts, auxiliaries, families, what of an invoice was
paid before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from codial_tui.domain.accounting.accounting import (
    MISC,
    SALES,
    Allocated,
    Entry,
    Exigible,
    Received,
    allocation,
    exigible,
    receipt,
    sale,
)
from codial_tui.domain.accounting.accounts import (
    Accounts,
    Auxiliary,
    Rule,
    auxiliary_code,
    is_account,
)
from codial_tui.domain.document import Document
from codial_tui.domain.lines.lines import Key
from codial_tui.errors import refuse
from codial_tui.services.context import Context
from codial_tui.services.documents import rows
from codial_tui.services.payments.payment_facts import ref_of
from codial_tui.services.records import company_settings

NOT_EXPORTED = (
    "NOT EXISTS (SELECT 1 FROM accounting_entry e WHERE e.source = '{source}' "
    "AND e.source_uid = {row}.uid)"
)


@dataclass(slots=True)
class Books:
    """What entries are made with: accounts, names, and documents already looked at."""

    context: Context
    accounts: Accounts
    pattern: str = "{code}"
    sales: str = SALES
    misc: str = MISC
    by_family: bool = False
    parties: dict[int, Auxiliary] = field(default_factory=dict)
    due: dict[int, dict[Key, Exigible]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    def auxiliary(self, party_id: int | None, *, supplier: bool = False) -> Auxiliary:
        """The own account of a customer or supplier; none for who has no record."""
        if party_id is None:
            return Auxiliary()
        key = -party_id if supplier else party_id
        if key not in self.parties:
            row = self.context.database.row(
                "SELECT code, name, customer_account, supplier_account FROM party WHERE id = ?",
                (party_id,),
            )
            code, name, *own = row or ("", "", "", "")
            account = auxiliary_code(self.pattern, code, own[supplier])
            if not own[supplier].strip() and account != self.pattern.replace("{code}", code):
                self._alone(account)
            self.parties[key] = Auxiliary(account, name) if account else Auxiliary()
        return self.parties[key]

    def _alone(self, account: str) -> None:
        """Refuse an account made of a code that lost something on the way when another code comes
        to the same: two customers would share it. One for all, without `{code}`, is meant."""
        if "{code}" not in self.pattern:
            return
        if not self.codes:
            sql = "SELECT code, customer_account FROM party ORDER BY code"
            for code, own in self.context.database.rows(sql):
                self.codes.setdefault(auxiliary_code(self.pattern, code, own), []).append(code)
        if len(same := self.codes.get(account, [])) > 1:
            raise refuse(
                "accounting.auxiliary",
                f"{same[0]} et {same[1]} auraient le même compte {account}",
                "tapez celui de l'un dans sa fiche",
            )

    def exigible(self, document_id: int) -> dict[Key, Exigible]:
        """The VAT of an invoice by when it falls due."""
        if document_id not in self.due:
            document = rows.load(self.context.database, document_id)
            assert document is not None  # an allocation keeps it
            self.due[document_id] = exigible(document)
        return self.due[document_id]


def books(context: Context) -> Books:
    """The accounts and settings as they are now."""
    found = context.database.rows(
        "SELECT role, account, label, vat_category, vat_rate, supply_nature, family_id "
        "FROM account_rule WHERE active = 1 ORDER BY position, id"
    )
    rules = [Rule(*row) for row in found]

    def setting(name: str) -> str:
        return str(company_settings.value(context, f"accounting.{name}"))

    return Books(
        context,
        Accounts(rules),
        setting("auxiliary"),
        setting("sales_journal"),
        setting("misc_journal"),
        any(rule.family_id is not None for rule in rules),
    )


def entries(context: Context, first: date, last: date, *, new: bool) -> list[Entry]:
    """The entries of a period (both days included) in order of day, journal and recording. new:
    only those that no export holds yet. Raises Refused for a period that ends before it begins,
    and for customers whose codes come to one account."""
    if last < first:
        raise refuse("period.backwards", "La période finit avant de commencer", "11/26", "from")
    days = (first.isoformat(), last.isoformat())
    book = books(context)
    found = [
        *_sales(book, days, new),
        *_receipts(book, days, new),
        *_allocations(book, days, new),
    ]
    order = {"invoice": 0, "payment": 1, "allocation": 2}
    return sorted(
        (entry for entry in found if entry.rows),
        key=lambda one: (one.day, order[one.source], one.journal),  # stable: as they were recorded
    )


def journal_labels(context: Context) -> dict[str, str]:
    """What journals are called, by code."""
    known = {"VE": "Ventes", "BQ": "Banque", "CA": "Caisse", "OD": "Opérations diverses"}
    known.update(context.database.rows("SELECT code, label FROM accounting_journal"))
    return known


def left_behind(context: Context, before: date) -> int:
    """Invoices and payments of earlier days that no export holds: an export that begins later
    leaves them out. An invoice of nothing has no entry."""
    day = before.isoformat()
    found = 0
    for source, sql in (
        (
            "invoice",
            "SELECT COUNT(*) FROM document d WHERE d.kind = 'invoice' "
            "AND d.state IN ('validated', 'printed') AND d.date < ? "
            "AND (d.gross_total <> 0 OR EXISTS (SELECT 1 FROM document_line l "
            "WHERE l.document_id = d.id AND l.nature = 'deposit')) AND ",
        ),
        ("payment", "SELECT COUNT(*) FROM payment d WHERE d.amount <> 0 AND d.date < ? AND "),
    ):
        unseen = NOT_EXPORTED.format(source=source, row="d")
        found += int(context.database.value(sql + unseen, (day,)))
    return found


Days = tuple[str, str]


def sealed(context: Context, days: Days, *, new: bool = False) -> Iterator[Document]:
    """The validated invoices dated in a period, in the order of their seals."""
    unseen = f" AND {NOT_EXPORTED.format(source='invoice', row='d')}" if new else ""
    for (document_id,) in context.database.rows(
        "SELECT d.id FROM document d JOIN invoice_seal s ON s.document_id = d.id "
        f"WHERE d.date BETWEEN ? AND ?{unseen} ORDER BY d.date, s.position",
        days,
    ):
        document = rows.load(context.database, document_id)
        if document is not None:
            yield document


def debtor_of(document: Document) -> int | None:
    """Who owes an invoice: the party it is billed to, else its customer."""
    found = document.header.get("invoice_party_id") or document.header.get("party_id")
    return found if isinstance(found, int) else None


def _sales(book: Books, days: Days, new: bool) -> Iterator[Entry]:
    context = book.context
    families: dict[int, int] = {}
    if book.by_family:
        sql = "SELECT id, family_id FROM item WHERE family_id IS NOT NULL"
        families = dict(context.database.rows(sql))
    for document in sealed(context, days, new=new):
        customer = book.auxiliary(debtor_of(document))
        suppliers = {
            one.party_id: book.auxiliary(one.party_id, supplier=True)
            for one in document.deductions
            if one.party_id is not None
        }
        yield sale(document, book.accounts, customer, families, suppliers, book.sales)


def _receipts(book: Books, days: Days, new: bool) -> Iterator[Entry]:
    unseen = f" AND {NOT_EXPORTED.format(source='payment', row='p')}" if new else ""
    for row in book.context.database.mappings(
        "SELECT p.*, COALESCE(m.journal, '') AS journal FROM payment p "
        "LEFT JOIN payment_mode m ON m.code = p.mode "
        f"WHERE p.date BETWEEN ? AND ?{unseen} ORDER BY p.date, p.id",
        days,
    ):
        customer = book.auxiliary(row["party_id"])
        label = f"{row['mode_label']} {row['party_name']} {row['reference']}".strip()
        bank = _bank(book.accounts, row["account"])
        yield receipt(
            Received(
                row["uid"],
                row["date"],
                ref_of(row["id"]),
                label,
                row["amount"],
                row["journal"] or book.misc,
                bank,
                row["fees"],
            ),
            book.accounts,
            customer,
        )


def _bank(accounts: Accounts, account: str) -> tuple[str, str]:
    """An account of money and what it is called, whatever mode it came by."""
    account = account if is_account(account) else "512000"
    names = (("512", "Banque"), ("53", "Caisse"), ("413", "Effets à recevoir"))
    usual = next((name for start, name in names if account.startswith(start)), "Encaissements")
    return account, accounts.name(account, usual)


_LATER = "CASE WHEN p.date > d.date THEN p.date ELSE d.date END"
DAY = (
    "CASE WHEN SUBSTR(a.at, 1, 10) > SUBSTR(p.at, 1, 10) "
    f"AND SUBSTR(a.at, 1, 10) > {_LATER} THEN SUBSTR(a.at, 1, 10) ELSE {_LATER} END"
)
"""of an allocation: that of its payment, or of its invoice when later; one that was made on another
day than its payment is of that day, for the period before may be exported"""


def allocated(context: Context, days: Days, *, new: bool = False) -> list[dict[str, Any]]:
    """The allocations booked in a period; `before`: what went to the same VAT key before."""
    unseen = f" AND {NOT_EXPORTED.format(source='allocation', row='a')}" if new else ""
    return context.database.mappings(
        f"SELECT a.*, {DAY} AS day, p.date AS paid_on, d.number, d.branch_id, d.project_id, "
        "d.invoice_party_id, d.party_id, r.amount AS owed, "
        "COALESCE(i.nature, '') AS nature, "
        "(SELECT COALESCE(SUM(b.amount), 0) FROM payment_allocation b WHERE b.id < a.id "
        "AND b.document_id = a.document_id AND b.vat_category = a.vat_category "
        "AND b.vat_rate = a.vat_rate) AS before_it "
        "FROM payment_allocation a JOIN payment p ON p.id = a.payment_id "
        "JOIN document d ON d.id = a.document_id "
        "LEFT JOIN instalment i ON i.id = a.instalment_id "
        "JOIN receivable r ON r.document_id = a.document_id AND r.vat_category = a.vat_category "
        "AND r.vat_rate = a.vat_rate "
        f"WHERE {DAY} BETWEEN ? AND ?{unseen} ORDER BY day, a.id",
        days,
    )


_WORDS = {"payment": "TVA encaissée", "discount": "Escompte", "difference": "Différence"}


def parts(
    book: Books, days: Days, *, new: bool = False
) -> Iterator[tuple[dict[str, Any], Allocated, Exigible]]:
    """The allocations of a period: the row, what of it is booked, and the VAT it is a part of."""
    none = Exigible(0, 0, 0, 0)
    for row in allocated(book.context, days, new=new):
        key = (row["vat_category"], row["vat_rate"])
        part = Allocated(
            row["uid"],
            row["day"],
            ref_of(row["payment_id"]),
            row["paid_on"],
            f"{_WORDS[row['kind']]} {row['number']}",
            row["kind"],
            key,
            int(row["before_it"]),
            row["amount"],
            row["owed"],
            row["nature"] == "retention",
            row["branch_id"],
            row["project_id"],
        )
        yield row, part, book.exigible(row["document_id"]).get(key, none)


def _allocations(book: Books, days: Days, new: bool) -> Iterator[Entry]:
    for row, part, due in parts(book, days, new=new):
        customer = book.auxiliary(row["invoice_party_id"] or row["party_id"])
        yield allocation(part, due, book.accounts, customer, book.misc)
