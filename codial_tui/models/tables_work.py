"""Work orders, calls, planning and reports."""

from __future__ import annotations

from .tables import Blob, Id, Int, Maybe, MaybeText, Table, Text


class DocumentWorkOrder(Table):
    """What only work orders have."""

    document_id = Int(key=True)
    nature = Text("repair")
    technician_id = Maybe()
    address_id = Maybe()
    order_id = Maybe()
    contract_id = Maybe()
    due_on = MaybeText()
    coverage = Text("none")
    bill_articles = Int(1)
    bill_consumables = Int(1)
    bill_labour = Int(1)
    bill_travel = Int(1)
    check_result = Text()
    closed_at = MaybeText()
    closed_by = Maybe()
    signed_at = MaybeText()
    points = Int()


class WorkVisit(Table):
    """One way there and back of one technician."""

    id = Id()
    uid = Text()
    document_id = Int()
    technician_id = Maybe()
    technician_name = Text()
    departure = MaybeText()
    arrival = MaybeText()
    ended = MaybeText()
    returned = MaybeText()
    distance = Int()
    zone = Text()
    note = Text()
    position = Int()


class TravelZone(Table):
    """What a journey to a zone is billed."""

    id = Id()
    code = Text()
    label = Text()
    price = Int()
    item_id = Maybe()
    active = Int(1)
    position = Int()


class WorkMachine(Table):
    """A machine that a work order is about."""

    id = Id()
    uid = Text()
    document_id = Int()
    equipment_id = Maybe()
    brand = Text()
    type = Text()
    model = Text()
    serial = Text()
    location = Text()
    commissioned_on = MaybeText()
    coverage = Text("none")
    contract_id = Maybe()
    fault = Text()
    work_done = Text()
    position = Int()


class WorkEdit(Table):
    """One change of a visit or a machine; only added to."""

    id = Id()
    step_id = Int()
    seq = Int()
    target = Text("visit")
    uid = Text()
    op = Text("set")
    before = MaybeText()
    after = MaybeText()


class PhoneCall(Table):
    """A call of a customer."""

    id = Id()
    uid = Text()
    number = Text()
    party_id = Maybe()
    party_name = Text()
    caller = Text()
    phone = Text()
    equipment_id = Maybe()
    serial = Text()
    subject = Text()
    subject_fold = Text()
    question = Text()
    answer = Text()
    priority = Text("normal")
    state = Text("open")
    opened_at = Text()
    closed_at = MaybeText()
    seconds = Int()
    taken_by = Maybe()
    assigned_to = Maybe()
    document_id = Maybe()
    search_text = Text()
    created_at = Text()
    updated_at = MaybeText()
    updated_by = Maybe()


class Resource(Table):
    """Who or what is planned."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    kind = Text("person")
    user_id = Maybe()
    position = Int()
    active = Int(1)


class Appointment(Table):
    """Where a resource is, and when."""

    id = Id()
    uid = Text()
    resource_id = Int()
    kind = Text("work")
    starts_at = Text()
    ends_at = Text()
    document_id = Maybe()
    party_id = Maybe()
    label = Text()
    note = Text()
    version = Int(1)
    created_at = Text()
    created_by = Maybe()
    updated_at = MaybeText()


class WorkReport(Table):
    """A report as it was signed; only added to."""

    id = Id()
    uid = Text()
    document_id = Int()
    version = Int()
    signer = Text()
    signed_at = Text()
    strokes = Text("[]")
    text = Text()
    hash = Text()
    pdf_hash = Text()
    at = Text()
    user_id = Maybe()
    user_name = Text()


class WorkReportContent(Table):
    """The PDF of a signed report; only added to."""

    id = Id()
    report_id = Int()
    content = Blob()
