"""Schema 32: reports of work orders, as they were signed (domain.md §8)."""

from __future__ import annotations

from ..dialect import Dialect

REPORT = """
    id           id+
    uid          uid
    document_id  ref! document
    version      int            # of the document
    signer       text
    signed_at    moment!
    strokes      json=[]        # of the drawn signature, empty when the name was typed
    text         text           # what was signed, canonical
    hash         text           # SHA-256 of the text
    pdf_hash     text           # SHA-256 of the PDF
    at           moment!
    user_id      ref app_user
    user_name    text
"""
CONTENT = """
    id           id+
    report_id    ref! work_report
    content      blob           # the PDF
"""
REFUSAL = "report.closed|Un rapport signé ne se modifie pas|faites-en signer un autre"


def apply(dialect: Dialect) -> None:
    dialect.create_table("work_report", REPORT)
    dialect.create_table("work_report_content", CONTENT, {"report": "UNIQUE (report_id)"})
    dialect.create_index("work_report", "document_id")
    dialect.append_only("work_report", REFUSAL)
    dialect.append_only("work_report_content", REFUSAL)
