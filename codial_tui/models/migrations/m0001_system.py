"""Schema 1: sessions, projects, attachments, forms, models of text, mail, imports."""

from __future__ import annotations

from ..dialect import Dialect


def apply(dialect: Dialect) -> None:
    _people_at_work(dialect)
    _papers(dialect)
    _forms(dialect)
    _imports(dialect)


def _people_at_work(dialect: Dialect) -> None:
    dialect.create_table(
        "session",
        """
        id          id+
        token       text        # of models.liveness: whether the program still runs
        user_id     ref app_user
        user_name   text
        host        text
        pid         int
        terminal    text
        program     text=tui    # tui, cli, import…
        started_at  moment!
        active_at   moment      # last key, now and then
        ended_at    moment
        """,
        {"token": "UNIQUE (token)"},
    )
    dialect.create_table(
        "project",
        """
        id          id
        uid         uid
        code        text
        name        text
        name_fold   text
        party_id    ref party
        manager_id  ref app_user
        street      text
        street2     text
        postcode    text
        city        text
        starts_on   date
        ends_on     date
        active      flag=1
        notes       text
        """,
        {"code": "UNIQUE (code)"},
    )


def _papers(dialect: Dialect) -> None:
    dialect.create_table(
        "attachment",
        """
        id          id
        uid         uid
        owner       text        # table of what it hangs on: document, party, item…
        owner_uid   text
        name        text
        mime        text
        size        int         # bytes
        sha256      text
        origin      choice added|printed|mailed|imported
        notes       text
        created_at  moment
        created_by  ref app_user
        """,
    )
    dialect.create_index("attachment", "owner_uid")
    dialect.create_table(
        "attachment_content",
        # apart, so that lists never read it
        "attachment_id key attachment\n content blob\n text text  # found in it, for the preview",
    )
    dialect.create_table(
        "mail_queue",
        """
        id          id
        uid         uid
        document_uid text
        attachment_id ref attachment
        recipient   text
        copy_to     text
        subject     text
        body        text
        state       choice queued|sent|failed|cancelled
        tries       int
        error       text
        created_at  moment!
        next_try_at moment
        sent_at     moment
        user_id     ref app_user
        """,
    )
    dialect.create_index("mail_queue", "state, next_try_at")


def _forms(dialect: Dialect) -> None:
    dialect.create_table(
        "custom_form_field",
        """
        id          id
        uid         uid
        owner       text        # document kind, party or item
        name        text
        label       text
        type        choice text|number|date|choice|yes_no
        choices     json=[]
        required    flag
        active      flag=1
        position    int
        """,
        {"name": "UNIQUE (owner, name)"},
    )
    dialect.create_table(
        "custom_form_value",
        "field_id own custom_form_field\n owner_uid text\n value text  # numbers 10⁻⁴, dates ISO",
        {"key": "PRIMARY KEY (field_id, owner_uid)"},
    )
    dialect.create_index("custom_form_value", "owner_uid")
    model = """
        id          id
        uid         uid
        name        text
        kind        text        # document kind, "" = all
        body        text
        active      flag=1
        position    int
    """
    dialect.create_table("letter_model", model + "subject text", {"name": "UNIQUE (name)"})
    dialect.create_table(
        "text_model",
        model + "place choice opening|closing|line|mail",
        {"name": "UNIQUE (place, name)"},
    )


def _imports(dialect: Dialect) -> None:
    dialect.create_table(
        "import_batch",
        """
        id          id+
        uid         uid
        kind        choice items|customers|suppliers
        file_name   text
        sha256      text
        format      text
        mapping     json
        staging     text        # name of the staging file, "" once done
        state       choice running|done|undone|cancelled
        rows_total  int
        chunks_done int         # chunks applied: where Reprendre goes on
        added       int
        changed     int
        unchanged   int
        refused     int
        supplier_id ref party
        user_id     ref app_user
        started_at  moment!
        ended_at    moment
        """,
    )
    dialect.create_table(
        "import_row",
        """
        id          id
        batch_id    own import_batch
        chunk       int
        action      choice add|change
        target      text        # table
        target_id   int
        before      json        # changed columns only
        after       json        # what the import wrote: else it was touched since
        state       choice done|undone|skipped
        reason      text
        """,
    )
    dialect.create_index("import_row", "batch_id, chunk")
