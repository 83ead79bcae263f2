"""The company, its places and people, and the small tables everything refers to."""

from __future__ import annotations

from .tables import Blob, CompositeKey, Id, Int, Maybe, MaybeText, Table, Text


class Company(Table):
    """The one company of the database."""

    id = Id()
    uid = Text()
    station = Text("office")
    name = Text()
    legal_form = Text()
    capital = Int()
    siren = Text()
    siret = Text()
    vat_number = Text()
    activity_code = Text()
    register_city = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    website = Text()
    bank_name = Text()
    iban = Text()
    bic = Text()
    edition = Text("trade")
    size = Text("sme")
    currency = Text("EUR")
    price_mode = Text("net")
    price_decimals = Int(2)
    vat_rounding = Text("rate")
    vat_regime = Text("normal")
    vat_on = Text("receipts")
    insurer = Text()
    insurance_policy = Text()
    insurance_area = Text()
    waste_mention = Text()
    legal_mention = Text()
    quote_mention = Text()
    late_penalty = Text()
    logo = Blob(null=True)
    creditor_id = Text()


class Establishment(Table):
    """A place with a SIRET; series are numbered per establishment."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    active = Int(1)
    position = Int()
    siret = Text()
    is_default = Int()
    bank_name = Text()
    iban = Text()
    bic = Text()


class Branch(Table):
    """Agence."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    active = Int(1)
    position = Int()
    establishment_id = Maybe()


class Assignment(Table):
    """Affectation."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    active = Int(1)
    position = Int()
    establishment_id = Maybe()


class Site(Table):
    """A place of work or storage."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    country = Text("FR")
    phone = Text()
    email = Text()
    active = Int(1)
    position = Int()
    establishment_id = Maybe()


class AppUser(Table):
    """Who works with the program; also salespeople and technicians."""

    id = Id()
    uid = Text()
    login = Text()
    name = Text()
    initials = Text()
    role = Text("user")
    email = Text()
    phone = Text()
    is_salesperson = Int(1)
    is_technician = Int()
    establishment_id = Maybe()
    branch_id = Maybe()
    password = Text()
    active = Int(1)
    warehouse_id = Maybe()


class UserRight(Table):
    """What a user may do beyond the role."""

    user_id = Int()
    name = Text()

    class Meta:
        primary_key = CompositeKey("user_id", "name")


class Setting(Table):
    """A setting as JSON, by scope."""

    scope = Text("company")
    name = Text()
    value = Text("null")

    class Meta:
        primary_key = CompositeKey("scope", "name")


class UserSetting(Table):
    """A user's own setting as JSON: columns, colours, where one was."""

    user_id = Int()
    name = Text()
    value = Text("null")

    class Meta:
        primary_key = CompositeKey("user_id", "name")


class Favourite(Table):
    """A text typed by one key."""

    user_id = Int()
    key = Text()
    text = Text()

    class Meta:
        primary_key = CompositeKey("user_id", "key")


class VatRate(Table):
    """A VAT key: category and rate."""

    id = Id()
    code = Text()
    label = Text()
    category = Text("S")
    rate = Int()
    exemption_code = Text()
    exemption_reason = Text()
    valid_from = MaybeText()
    valid_to = MaybeText()
    is_default = Int()
    active = Int(1)
    position = Int()


class VatRegime(Table):
    """How a party or document is taxed."""

    id = Id()
    code = Text()
    label = Text()
    category = Text("S")
    exemption_code = Text()
    mention = Text()
    active = Int(1)
    position = Int()


class Unit(Table):
    """A unit of quantity."""

    id = Id()
    code = Text()
    label = Text()
    unece = Text()
    decimals = Int(4)
    active = Int(1)
    position = Int()


class PaymentTerms(Table):
    """When and how one pays."""

    id = Id()
    uid = Text()
    code = Text()
    label = Text()
    days = Int()
    end_of_month = Int()
    day_of_month = Int()
    method = Text()
    deposit = Int()
    active = Int(1)
    position = Int()
    discount = Int()
    discount_days = Int()


class PaymentInstalment(Table):
    """A share of what is owed, with days of its own; what is left follows the terms."""

    id = Id()
    terms_id = Int()
    share = Int()
    days = Int()
    end_of_month = Int()
    day_of_month = Int()


class NumberSeries(Table):
    """A counter: the last number given in a period."""

    establishment_id = Int()
    code = Text()
    period = Text()
    pattern = Text()
    last = Int()

    class Meta:
        primary_key = CompositeKey("establishment_id", "code", "period")


class CostCategory(Table):
    """Rubrique."""

    id = Id()
    code = Text()
    label = Text()
    billing_class = Text("article")
    coefficient = Int(1_000_000)
    active = Int(1)
    position = Int()


class ProductNature(Table):
    """What overhead, revision and retention depend on."""

    id = Id()
    code = Text()
    label = Text()
    overhead = Maybe()
    retention = Int(1)
    active = Int(1)
    position = Int()


class Commune(Table):
    """A town and one of its postcodes."""

    id = Id()
    postcode = Text()
    name = Text()
    name_fold = Text()
