"""Schema 29: work orders: times, machines, what is billable (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

SIDE = """
    document_id  key document
    nature       choice repair|maintenance|installation
    technician_id ref app_user
    address_id   ref address    # the customer's site
    order_id     ref document   # commande suivie
    contract_id  ref contract
    due_on       date           # of a contract's visit: the day it was due
    coverage     choice none|warranty|contract
    bill_articles flag=1
    bill_consumables flag=1
    bill_labour  flag=1
    bill_travel  flag=1
    check_result text           # of the report against the order: ok, held, "" while none
    closed_at    moment
    closed_by    ref app_user
    signed_at    moment
"""
VISIT = """
    id           id
    uid          uid
    document_id  own document
    technician_id ref app_user
    technician_name text
    departure    moment         # UTC
    arrival      moment
    ended        moment
    returned     moment
    distance     int            # 10⁻⁴ km
    zone         text
    note         text
    position     int
"""
MACHINE = """
    id           id
    uid          uid
    document_id  own document
    equipment_id ref equipment
    brand        text
    type         text
    model        text
    serial       text
    location     text
    commissioned_on date
    coverage     choice none|warranty|contract
    contract_id  ref contract
    fault        text
    work_done    text
    position     int
"""
EDIT = """
    id          id+
    step_id     ref! step
    seq         int
    target      choice visit|machine
    uid         text
    op          choice set|insert|delete
    before      text?
    after       text?
"""
ZONE = """
    id       id
    code     text
    label    text
    price    int        # HT, 10⁻⁴
    item_id  ref item
    active   flag=1
    position int
"""
ORDER = (
    "departure IS NULL OR arrival IS NULL OR departure <= arrival",
    "arrival IS NULL OR ended IS NULL OR arrival <= ended",
    "ended IS NULL OR returned IS NULL OR ended <= returned",
    "departure IS NULL OR ended IS NULL OR departure <= ended",
    "departure IS NULL OR returned IS NULL OR departure <= returned",
    "arrival IS NULL OR returned IS NULL OR arrival <= returned",
)


def apply(dialect: Dialect) -> None:
    dialect.create_table("document_work_order", SIDE)
    for name in ("order_id", "contract_id", "technician_id"):
        dialect.create_index("document_work_order", name, where=f"{name} IS NOT NULL")
    checks = {f"times{at}": f"CHECK ({rule})" for at, rule in enumerate(ORDER, 1)}
    dialect.create_table("work_visit", VISIT, {**checks, "distance": "CHECK (distance >= 0)"})
    dialect.create_table("work_machine", MACHINE)
    dialect.create_index("work_machine", "equipment_id", where="equipment_id IS NOT NULL")
    for table in ("work_visit", "work_machine"):
        dialect.create_index(table, "document_id")
    dialect.create_index("work_visit", "technician_id", where="technician_id IS NOT NULL")
    dialect.create_table("travel_zone", ZONE, {"code": "UNIQUE (code)"})
    dialect.create_table("work_edit", EDIT, {"seq": "UNIQUE (step_id, seq)"})
    dialect.create_index("work_edit", "uid")
    dialect.append_only(
        "work_edit", "journal.closed|Le journal ne se modifie pas|ajoutez une entrée"
    )
    dialect.add_column("document_line", "covered text")  # why it costs nothing; "" when it does
    dialect.add_column("app_user", "warehouse_id ref warehouse")  # the technician's van
