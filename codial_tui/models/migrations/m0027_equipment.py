"""Schema 27: the register of equipment that customers have (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

EQUIPMENT = """
    id           id
    uid          uid
    code         text           # of the register
    code_fold    text
    party_id     ref party      # whose it is
    address_id   ref address    # the customer's site where it stands
    parent_id    ref equipment  # inside which other one
    item_id      ref item       # sold as
    family       text           # boiler, lift, copier…
    brand        text
    type         text
    model        text
    serial       text
    serial_fold  text
    label        text
    label_fold   text           # brand, type, model and serial, for search
    location     text           # in the site: basement, room 2
    installed_on date           # mise en service
    warranty_until date
    delivered_on date
    meter        choice none|km|hours|copies
    notes        text
    active       flag=1
    search_text  text
    user_columns json=[]
    created_at   moment!
    updated_at   moment
"""
READING = """
    id           id+
    uid          uid
    equipment_id own equipment
    meter        choice km|hours|copies
    value        int            # 10⁻⁴
    read_on      date!
    document_id  ref document   # the work order on which it was read
    note         text
    reverses     ref equipment_reading
    at           moment!
    user_id      ref app_user
    user_name    text
"""


def apply(dialect: Dialect) -> None:
    dialect.create_table("equipment", EQUIPMENT, {"code": "UNIQUE (code_fold)"})
    for name in ("party_id", "parent_id", "warranty_until"):
        dialect.create_index("equipment", name, where=f"{name} IS NOT NULL")
    dialect.create_index("equipment", "serial_fold", where="serial_fold <> ''")
    dialect.search_index("equipment")
    dialect.create_table(
        "equipment_reading",
        READING,
        {"value": "CHECK (value >= 0)", "reverses": "UNIQUE (reverses)"},
    )
    dialect.create_index("equipment_reading", "equipment_id, read_on")
    dialect.append_only(
        "equipment_reading", "reading.closed|Un relevé ne se modifie pas|saisissez-en un autre"
    )
