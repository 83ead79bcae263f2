"""Schema 28: maintenance contracts, their models, what they cover and what they brought about
(domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

TERMS = """
    kind         choice flat|points|incidents|copies
    duration     positive=12    # first term, of `duration_unit`
    duration_unit choice month|day
    renewal      choice tacit|none|open   # at the end of the term: again, over, or never an end
    revision     choice none|coefficient|index
    coefficient  int=1000000    # 10⁻⁶, of the price at each renewal
    price        int            # cents HT of one billing
    vat_rate     int=200000     # 10⁻⁶
    item_id      ref item       # what its invoices bill; empty: a free line
    billing_every positive=12   # months
    billing_when choice advance|arrears
    visits       int            # planned a year
    visit_rule   text           # which days: domain.maintenance.calendar
    visit_articles flag=1       # billing classes that visits include
    visit_consumables flag=1
    visit_labour flag=1
    visit_travel flag=1
    repair_articles flag        # … that repairs include
    repair_consumables flag
    repair_labour flag
    repair_travel flag
    quota        int            # 10⁻⁴: points, incidents or copies included a term
    extra_price  int            # 10⁻⁴ €, of one point, incident or copy beyond
    letter_visit int            # days before a visit; 0: no letter
    letter_end   int            # days before the end
    description  text
"""
CONTRACT = """
    number       text
    label        text
    label_fold   text
    party_id     ref! party
    address_id   ref address    # the customer's site
    model_id     ref contract_model
    parent_id    ref contract   # the one that bills for it (contrat centralisateur)
    state        choice active|suspended|ended
    starts_on    date!
    term_on      date           # first day that the running term no longer covers
    renewed      int            # how many times
    index_base   int            # 10⁻⁶
    index_now    int
    final_on     date           # first day after the last renewal that is agreed
    due_from     date           # what fell due before is done already
    known_rule   text           # the visit rule that `visits_from` belongs to
    visits_from  date           # another rule than it began with: its visits from that day on
    ended_on     date           # given up for that day
    end_reason   text
    salesperson_id ref app_user
    payment_terms_id ref payment_terms
    technician_id ref app_user  # who usually goes
    notes        text
    search_text  text
    created_at   moment!
    updated_at   moment
"""
EQUIPMENT = """
    id           id
    contract_id  own contract
    equipment_id ref! equipment
"""
DUE = """
    id           id+
    contract_id  own contract
    kind         choice visit|invoice|extra|renewal|end|visit_letter|end_letter
    due_on       date!
    part         int            # 0; the term that an extra belongs to
    document_id  ref document   # what it became
    amount       int            # cents HT, of an invoice; new price of a renewal
    former       int            # cents HT: the price before a renewal
    quantity     int            # 10⁻⁴: points, incidents or copies billed beyond the quota
    line_uid     text           # the line of the invoice
    detail       text
    at           moment!
    user_id      ref app_user
    user_name    text
"""
USE = """
    id           id+
    uid          uid
    contract_id  own contract
    used_on      date!
    quantity     int            # 10⁻⁴ points, incidents or copies, signed
    document_id  ref document
    note         text
    at           moment!
    user_id      ref app_user
    user_name    text
"""


def apply(dialect: Dialect) -> None:
    own = "id id\nuid uid\n"
    model = f"{own}code text\nname text\nactive flag=1\n{TERMS}"
    dialect.create_table("contract_model", model, {"code": "UNIQUE (code)"})
    dialect.create_table("contract", f"{own}{CONTRACT}{TERMS}", {"number": "UNIQUE (number)"})
    for name in ("party_id", "parent_id", "term_on"):
        dialect.create_index("contract", name, where=f"{name} IS NOT NULL")
    dialect.create_table(
        "contract_equipment", EQUIPMENT, {"equipment_id": "UNIQUE (contract_id, equipment_id)"}
    )
    dialect.create_index("contract_equipment", "equipment_id")
    dialect.create_table(
        "contract_due", DUE, {"due_on": "UNIQUE (contract_id, kind, due_on, part)"}
    )
    dialect.create_index("contract_due", "document_id", where="document_id IS NOT NULL")
    dialect.create_table("contract_use", USE)
    dialect.create_index("contract_use", "contract_id, used_on")
    dialect.append_only(
        "contract_use", "use.closed|Une saisie ne se modifie pas|saisissez l'inverse"
    )
