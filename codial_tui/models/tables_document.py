"""Documents, their lines, footers and links."""

from __future__ import annotations

from .tables import CompositeKey, Id, Int, Maybe, MaybeText, Table, Text


class Document(Table):
    """The header of every document kind."""

    id = Id()
    uid = Text()
    kind = Text()
    number = MaybeText()
    serial = Maybe()
    state = Text()
    date = Text()
    subject = Text()
    party_id = Maybe()
    party_code = Text()
    party_name = Text()
    party_name_fold = Text()
    party_siren = Text()
    party_siret = Text()
    party_vat_number = Text()
    party_phone = Text()
    party_email = Text()
    party_is_consumer = Int()
    contact_id = Maybe()
    contact_name = Text()
    contact_phone = Text()
    contact_email = Text()
    billing_name = Text()
    billing_street = Text()
    billing_street2 = Text()
    billing_postcode = Text()
    billing_city = Text()
    billing_country = Text("FR")
    billing_siret = Text()
    delivery_name = Text()
    delivery_street = Text()
    delivery_street2 = Text()
    delivery_postcode = Text()
    delivery_city = Text()
    delivery_country = Text("FR")
    delivery_siret = Text()
    ordering_party_id = Maybe()
    delivery_party_id = Maybe()
    invoice_party_id = Maybe()
    tariff_party_id = Maybe()
    customer_reference = Text()
    establishment_id = Maybe()
    branch_id = Maybe()
    assignment_id = Maybe()
    site_id = Maybe()
    project_id = Maybe()
    warehouse_id = Maybe()
    salesperson_id = Maybe()
    salesperson_name = Text()
    price_mode = Text("net")
    price_decimals = Int(2)
    vat_rounding = Text("rate")
    vat_regime = Text("normal")
    vat_category = Text("S")
    vat_rate = Int(200_000)
    vat_mention = Text()
    currency = Text("EUR")
    payment_terms_id = Maybe()
    payment_terms_label = Text()
    payment_terms = Text("{}")
    price_list_id = Maybe()
    opening_text = Text()
    closing_text = Text()
    notes = Text()
    net_total = Int()
    vat_total = Int()
    gross_total = Int()
    cost_total = Int()
    planned_date = MaybeText()
    printed_at = MaybeText()
    sent_at = MaybeText()
    version = Int()
    lock_token = MaybeText()
    locked_at = MaybeText()
    created_at = Text()
    created_by = Maybe()
    updated_at = MaybeText()
    updated_by = Maybe()
    origin_station = Text("office")
    location = Text("office")
    sync_state = Text()
    assigned_to = Text()
    station_number = MaybeText()
    external_id = MaybeText()
    delivery = Text()
    billing = Text()
    settlement = Text()
    due_next = MaybeText()
    paid_total = Int()
    numbering = Text()
    search_text = Text()


class DocumentQuote(Table):
    """What only quotes have."""

    document_id = Int(key=True)
    valid_until = MaybeText()
    proforma = Int()
    letter = Text()
    letter_model = Maybe()
    probability = Maybe()
    decision_date = MaybeText()
    decided_at = MaybeText()
    lost_reason = Text()
    competitor = Text()
    next_action = Text()
    next_action_at = MaybeText()
    next_action_by = Maybe()
    expected_signature = MaybeText()
    follow_comment = Text()
    waste_text = Text()


class DocumentEvent(Table):
    """The dated log of a document: only added to."""

    id = Id()
    uid = Text()
    document_id = Int()
    document_uid = Text()
    type = Text("note")
    at = Text()
    user_id = Maybe()
    user_name = Text()
    text = Text()
    data = Text("{}")


class EntryDraft(Table):
    """The line in hand."""

    user_id = Int()
    place = Text()
    text = Text()
    caret = Int()
    at = Text()

    class Meta:
        primary_key = CompositeKey("user_id", "place")


class DocumentLine(Table):
    """A line or component (domain.document.Line)."""

    id = Id()
    uid = Text()
    document_id = Int()
    type = Text("item")
    parent_uid = MaybeText()
    position = Int()
    level = Int(1)
    tag = Text()
    page_break = Int()
    is_open = Int()
    item_id = Maybe()
    reference = Text()
    label = Text()
    long_text = Text()
    quantity = Int()
    unit = Text()
    unit_price = Int()
    price_per = Int(10_000)
    price_forced = Int()
    discounts = Text()
    discount_amount = Int()
    vat_category = Text("S")
    vat_rate = Int(200_000)
    amount = Int()
    net_amount = Int()
    basis = Text("computed")
    eco_contribution = Int()
    purchase_price = Int()
    cost_price = Int()
    coefficient = Int()
    supplier_id = Maybe()
    cost_category = Text()
    supply_nature = Text("goods")
    product_nature = Text()
    billing_class = Text("article")
    stock_managed = Int()
    delivery_date = MaybeText()
    ratio = Int()
    to_deliver = Int()
    nature = Text()
    project_id = Maybe()
    covered = Text()


class DocumentAdjustment(Table):
    """A footer element (domain.document.Adjustment)."""

    id = Id()
    uid = Text()
    document_id = Int()
    type = Text("discount")
    label = Text()
    percent = Maybe()
    amount = Int()
    vat_category = MaybeText()
    vat_rate = Maybe()
    hidden = Int()
    position = Int()


class LinePool(Table):
    """What of a line can be taken, and was; `taken` is kept by the database."""

    line_id = Int()
    pool = Text("order")
    quantity = Int()
    taken = Int()

    class Meta:
        primary_key = CompositeKey("line_id", "pool")


class LineLink(Table):
    """One line made from another."""

    id = Id()
    uid = Text()
    source_line_id = Int()
    target_line_id = Int()
    relation = Text("transfer")
    pool = Text()
    quantity = Int()
    amount = Int()


class LinkEdit(Table):
    """What a step changed of a link; only added to."""

    id = Id()
    step_id = Int()
    seq = Int()
    uid = Text()
    op = Text()
    before = MaybeText()
    after = MaybeText()


class AdjustmentLink(Table):
    """What of a footer element went to another document."""

    id = Id()
    source_id = Int()
    target_id = Int()
    pool = Text()
    vat_category = Text()
    vat_rate = Int()
    amount = Int()


class Transfer(Table):
    """One source moved into one target, and what undoing it needs."""

    id = Id()
    uid = Text()
    batch = Text()
    source_id = Int()
    target_id = Int()
    created = Int()
    user_id = Maybe()
    user_name = Text()
    at = Text()
    lines = Text("[]")
    adjustments = Text("[]")
    grown = Text("[]")
    before = Text("{}")
    undone_at = MaybeText()


class DocumentOrder(Table):
    """What only orders have."""

    document_id = Int(key=True)
    shipping_mode = Text()
    parcel_weight = Int()
    is_web = Int()
    given_up_at = MaybeText()
    processed_at = MaybeText()
    consumption_at = MaybeText()


class DocumentDeliveryNote(Table):
    """What only delivery notes have."""

    document_id = Int(key=True)
    nature = Text("sale")
    delivery_date = MaybeText()
    carrier = Text()
    shipping_mode = Text()
    parcels = Int()
    parcel_weight = Int()
    deliver_again = Int()
    consumption_of = Maybe()


class DocumentInvoice(Table):
    """What only invoices have."""

    document_id = Int(key=True)
    nature = Text("direct")
    is_credit = Int()
    vat_on_debits = Int()
    due_date = MaybeText()
    delivery_date = MaybeText()
    deposits = Text("auto")
    goods = Text()


class InvoiceSeal(Table):
    """What was sealed of a validated invoice, and where it stands in the chain."""

    position = Id()
    document_id = Int()
    document_uid = Text()
    number = Text()
    canonical = Text()
    previous_hash = Text()
    hash = Text()
    validated_at = Text()
    validated_by = Int()
    validated_name = Text()


class DocumentExecutionQuote(Table):
    """What only execution quotes have."""

    document_id = Int(key=True)
