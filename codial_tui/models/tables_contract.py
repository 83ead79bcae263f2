"""Maintenance contracts."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class ContractModel(Table):
    """What contracts of a sort have in common."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    active = Int(1)
    kind = Text("flat")
    duration = Int(12)
    duration_unit = Text("month")
    renewal = Text("tacit")
    revision = Text("none")
    coefficient = Int(1_000_000)
    price = Int()
    vat_rate = Int(200_000)
    item_id = Maybe()
    billing_every = Int(12)
    billing_when = Text("advance")
    visits = Int()
    visit_rule = Text()
    visit_articles = Int(1)
    visit_consumables = Int(1)
    visit_labour = Int(1)
    visit_travel = Int(1)
    repair_articles = Int()
    repair_consumables = Int()
    repair_labour = Int()
    repair_travel = Int()
    quota = Int()
    extra_price = Int()
    letter_visit = Int()
    letter_end = Int()
    description = Text()


class Contract(Table):
    """A contract of a customer."""

    id = Id()
    uid = Text()
    number = Text()
    label = Text()
    label_fold = Text()
    party_id = Int()
    address_id = Maybe()
    model_id = Maybe()
    parent_id = Maybe()
    state = Text("active")
    starts_on = Text()
    term_on = MaybeText()
    renewed = Int()
    index_base = Int()
    index_now = Int()
    final_on = MaybeText()
    due_from = MaybeText()
    known_rule = Text()
    visits_from = MaybeText()
    ended_on = MaybeText()
    end_reason = Text()
    salesperson_id = Maybe()
    payment_terms_id = Maybe()
    technician_id = Maybe()
    notes = Text()
    search_text = Text()
    created_at = Text()
    updated_at = MaybeText()
    kind = Text("flat")
    duration = Int(12)
    duration_unit = Text("month")
    renewal = Text("tacit")
    revision = Text("none")
    coefficient = Int(1_000_000)
    price = Int()
    vat_rate = Int(200_000)
    item_id = Maybe()
    billing_every = Int(12)
    billing_when = Text("advance")
    visits = Int()
    visit_rule = Text()
    visit_articles = Int(1)
    visit_consumables = Int(1)
    visit_labour = Int(1)
    visit_travel = Int(1)
    repair_articles = Int()
    repair_consumables = Int()
    repair_labour = Int()
    repair_travel = Int()
    quota = Int()
    extra_price = Int()
    letter_visit = Int()
    letter_end = Int()
    description = Text()


class ContractMachine(Table):
    """A machine that a contract covers, from a day to another (not included; None: all of it)."""

    id = Id()
    contract_id = Int()
    equipment_id = Int()
    since = MaybeText()
    until = MaybeText()


class ContractDue(Table):
    """A visit, an invoice, a renewal or a letter that was due, and was made."""

    id = Id()
    contract_id = Int()
    kind = Text("visit")
    due_on = Text()
    part = Int()
    document_id = Maybe()
    amount = Int()
    former = Int()
    quantity = Int()
    line_uid = Text()
    detail = Text()
    at = Text()
    user_id = Maybe()
    user_name = Text()


class ContractUse(Table):
    """Points, incidents or copies that were used; only added to."""

    id = Id()
    uid = Text()
    contract_id = Int()
    used_on = Text()
    quantity = Int()
    document_id = Maybe()
    note = Text()
    at = Text()
    user_id = Maybe()
    user_name = Text()
