"""Sessions, projects, papers, forms, models of text, imports and the journals."""

from __future__ import annotations

from .tables import Blob, CompositeKey, Id, Int, Maybe, MaybeText, Table, Text


class SchemaVersion(Table):
    """A migration that was applied."""

    version = Int(key=True)
    name = Text()
    applied_at = Text()


class Session(Table):
    """A running or ended program."""

    id = Id()
    token = Text()
    user_id = Maybe()
    user_name = Text()
    host = Text()
    pid = Int()
    terminal = Text()
    program = Text("tui")
    started_at = Text()
    active_at = MaybeText()
    ended_at = MaybeText()


class Project(Table):
    """Chantier, affaire."""

    id = Id()
    uid = Text()
    code = Text()
    name = Text()
    name_fold = Text()
    party_id = Maybe()
    manager_id = Maybe()
    street = Text()
    street2 = Text()
    postcode = Text()
    city = Text()
    starts_on = MaybeText()
    ends_on = MaybeText()
    active = Int(1)
    notes = Text()


class Attachment(Table):
    """A paper of the GED."""

    id = Id()
    uid = Text()
    owner = Text()
    owner_uid = Text()
    name = Text()
    mime = Text()
    size = Int()
    sha256 = Text()
    origin = Text("added")
    notes = Text()
    created_at = MaybeText()
    created_by = Maybe()


class AttachmentContent(Table):
    """Its bytes."""

    attachment_id = Int(key=True)
    content = Blob()
    text = Text()


class MailQueue(Table):
    """A mail to send, or sent."""

    id = Id()
    uid = Text()
    document_uid = Text()
    attachment_id = Maybe()
    recipient = Text()
    copy_to = Text()
    subject = Text()
    body = Text()
    state = Text("queued")
    tries = Int()
    error = Text()
    created_at = Text()
    next_try_at = MaybeText()
    sent_at = MaybeText()
    user_id = Maybe()


class CustomFormField(Table):
    """A field of the Fiche perso."""

    id = Id()
    uid = Text()
    owner = Text()
    name = Text()
    label = Text()
    type = Text("text")
    choices = Text("[]")
    required = Int()
    active = Int(1)
    position = Int()


class CustomFormValue(Table):
    """What was entered in it."""

    field_id = Int()
    owner_uid = Text()
    value = Text()

    class Meta:
        primary_key = CompositeKey("field_id", "owner_uid")


class LetterModel(Table):
    """Lettre type."""

    id = Id()
    uid = Text()
    name = Text()
    kind = Text()
    body = Text()
    active = Int(1)
    position = Int()
    subject = Text()


class TextModel(Table):
    """Texte type."""

    id = Id()
    uid = Text()
    name = Text()
    kind = Text()
    body = Text()
    active = Int(1)
    position = Int()
    place = Text("opening")


class ImportBatch(Table):
    """One import: running, done, cancelled or undone."""

    id = Id()
    uid = Text()
    kind = Text("items")
    file_name = Text()
    sha256 = Text()
    format = Text()
    mapping = Text("{}")
    staging = Text()
    state = Text("running")
    rows_total = Int()
    chunks_done = Int()
    added = Int()
    changed = Int()
    unchanged = Int()
    refused = Int()
    supplier_id = Maybe()
    user_id = Maybe()
    started_at = Text()
    ended_at = MaybeText()


class ImportRow(Table):
    """What an import did to a row, for undoing it."""

    id = Id()
    batch_id = Int()
    chunk = Int()
    action = Text("add")
    target = Text()
    target_id = Int()
    before = Text("{}")
    after = Text("{}")
    state = Text("done")
    reason = Text()


class Step(Table):
    """One gesture: the undo log and audit trail, only added to."""

    id = Id()
    document_id = Int()
    document_uid = Text()
    version = Int()
    user_id = Maybe()
    user_name = Text()
    session_id = Maybe()
    at = Text()
    label = Text()
    undoes = Maybe()
    barrier = Int()


class Edit(Table):
    """One change of a step, only added to."""

    id = Id()
    step_id = Int()
    seq = Int()
    target = Text("document")
    uid = Text()
    op = Text("set")
    before = MaybeText()
    after = MaybeText()


class AuditLog(Table):
    """What happened beside documents, only added to."""

    id = Id()
    at = Text()
    user_id = Maybe()
    user_name = Text()
    session_token = Text()
    action = Text()
    target = Text()
    target_uid = Text()
    detail = Text("{}")
    previous_hash = Text()
    hash = Text()
