"""Customers, prospects and suppliers, their addresses, contacts and prices."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class PriceList(Table):
    """A tariff."""

    id = Id()
    uid = Text()
    code = Text()
    label = Text()
    base_id = Maybe()
    coefficient = Int(1_000_000)
    price_mode = Text("net")
    valid_from = MaybeText()
    valid_to = MaybeText()
    active = Int(1)
    position = Int()


class PriceListLine(Table):
    """A price or discount of a tariff, from a quantity on."""

    id = Id()
    price_list_id = Int()
    item_id = Maybe()
    family_id = Maybe()
    from_quantity = Int()
    price = Maybe()
    discount = Int()
    coefficient = Int()
    valid_from = MaybeText()
    valid_to = MaybeText()


class CustomerDiscount(Table):
    """A price or discount of one customer, from a quantity on."""

    id = Id()
    party_id = Int()
    item_id = Maybe()
    family_id = Maybe()
    from_quantity = Int()
    price = Maybe()
    discount = Int()
    valid_from = MaybeText()
    valid_to = MaybeText()


class Party(Table):
    """Tiers."""

    id = Id()
    uid = Text()
    code = Text()
    code_fold = Text()
    name = Text()
    name_fold = Text()
    search_text = Text()
    is_customer = Int(1)
    is_prospect = Int()
    is_supplier = Int()
    is_subcontractor = Int()
    is_consumer = Int()
    legal_form = Text()
    siren = Text()
    siret = Text()
    vat_number = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    website = Text()
    language = Text("fr")
    vat_regime = Text("normal")
    vat_category = MaybeText()
    price_mode = MaybeText()
    payment_terms_id = Maybe()
    price_list_id = Maybe()
    salesperson_id = Maybe()
    establishment_id = Maybe()
    branch_id = Maybe()
    discount = Int()
    credit_limit = Maybe()
    ordering_party_id = Maybe()
    delivery_party_id = Maybe()
    invoice_party_id = Maybe()
    tariff_party_id = Maybe()
    customer_account = Text()
    supplier_account = Text()
    iban = Text()
    bic = Text()
    blocked = Int()
    blocked_reason = Text()
    notes = Text()
    opening_text = Text()
    closing_text = Text()
    external_id = MaybeText()
    user_columns = Text("[]")
    origin_station = Text("office")
    created_at = MaybeText()
    updated_at = MaybeText()
    electronic_address = Text()


class Address(Table):
    """One more address of a party."""

    id = Id()
    uid = Text()
    party_id = Int()
    role = Text("billing")
    label = Text()
    name = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    siret = Text()
    access_notes = Text()
    is_default = Int()
    active = Int(1)
    position = Int()


class Contact(Table):
    """A person at a party."""

    id = Id()
    uid = Text()
    party_id = Int()
    name = Text()
    name_fold = Text()
    title = Text()
    job = Text()
    phone = Text()
    mobile = Text()
    email = Text()
    is_default = Int()
    active = Int(1)
    notes = Text()
    position = Int()
