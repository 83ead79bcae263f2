"""What the quotes of the demo company became: orders, delivery notes and provisional invoices, by
the same services as at the keyboard (assets/demo/chain.json).

Each step is found again by what it made, so that a load which was cut goes on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.quantity import parse_quantity
from codial_tui.exchange.documents import parse_document
from codial_tui.services.chain import transfers
from codial_tui.services.chain.transfer_parts import Request
from codial_tui.services.context import Context, User
from codial_tui.services.documents import documents, requests, rows
from codial_tui.services.paper import printing

from . import demo_files

PRINTED = "imprimante par défaut"


class Story:
    """The steps in order of time; told bit by bit, between the quotes."""

    def __init__(self, context: Context, users: Mapping[str, User]) -> None:
        self.context = context
        self.users = users
        self.steps: Sequence[Mapping[str, Any]] = demo_files.chain()

    def until(self, moment: datetime | None = None) -> None:
        """Do all that happened before a moment, None for all that is left."""
        while self.steps and (moment is None or _at(self.steps[0]) < moment):
            step = self.steps[0]
            if not self._is_done(step):
                self._do(step)
            self.steps = self.steps[1:]

    def _is_done(self, step: Mapping[str, Any]) -> bool:
        database = self.context.database
        if step["do"] == "print":
            return documents.get(self.context, step["document"]).text("printed_at") != ""
        if "makes" in step:
            return bool(database.row("SELECT 1 FROM document WHERE number = ?", (step["makes"],)))
        return bool(
            database.row(
                "SELECT 1 FROM transfer t JOIN document s ON s.id = t.source_id "
                "JOIN document d ON d.id = t.target_id WHERE s.number = ? AND d.kind = ?",
                (step["sources"][0], step["to"]),
            )
        )

    def _do(self, step: Mapping[str, Any]) -> None:
        moment = _at(step)
        own = replace(self.context, clock=lambda: moment, user=self.users[step["by"]])
        match step["do"]:
            case "transfer":
                _transfer(own, step)
            case "print":
                _print(own, documents.get(own, step["document"]))
            case "document":
                made = requests.build(own, parse_document(json.dumps(step["document"])))
                if "assignment" in step:
                    made.header["assignment_id"] = own.database.value(
                        "SELECT id FROM assignment WHERE code = ?", (step["assignment"],)
                    )
                documents.insert(own, made)


def _at(step: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(step["at"])


def _transfer(context: Context, step: Mapping[str, Any]) -> None:
    sources = [documents.get(context, number) for number in step["sources"]]
    takes = _takes(sources, step["takes"]) if "takes" in step else {}
    ids = tuple(one.id for one in sources)
    goods_taken = step.get("goods_taken")
    transfers.transfer(context, Request(ids, step["to"], takes=takes, goods_taken=goods_taken))


def _takes(sources: Sequence[Document], takes: Mapping[str, str]) -> dict[int, dict[str, int]]:
    return {
        source.id: {
            line.uid: parse_quantity(takes[line.reference])
            for line in source.lines
            if line.reference in takes and line.parent_uid is None
        }
        for source in sources
    }


def _print(context: Context, document: Document) -> None:
    """All that a print entails, without the paper."""
    job = printing.Job(document, PRINTED, "printed")
    with context.database.write():
        for effect in doc_type(document.kind).effects["print"]:
            printing.EFFECTS[effect](context, job)
        rows.write_step(context, document, document.version, "Imprimé", barrier=True)
