"""The register of equipment."""

from __future__ import annotations

from .tables import Id, Int, Maybe, MaybeText, Table, Text


class Equipment(Table):
    """A machine that a customer has."""

    id = Id()
    uid = Text()
    code = Text()
    code_fold = Text()
    party_id = Maybe()
    address_id = Maybe()
    parent_id = Maybe()
    item_id = Maybe()
    family = Text()
    brand = Text()
    type = Text()
    model = Text()
    serial = Text()
    serial_fold = Text()
    label = Text()
    label_fold = Text()
    location = Text()
    installed_on = MaybeText()
    warranty_until = MaybeText()
    delivered_on = MaybeText()
    meter = Text("none")
    notes = Text()
    active = Int(1)
    search_text = Text()
    user_columns = Text("[]")
    created_at = Text()
    updated_at = MaybeText()


class EquipmentReading(Table):
    """What a counter of a machine said one day; only added to."""

    id = Id()
    uid = Text()
    equipment_id = Int()
    meter = Text("km")
    value = Int()
    read_on = Text()
    document_id = Maybe()
    note = Text()
    reverses = Maybe()
    at = Text()
    user_id = Maybe()
    user_name = Text()
