"""Several entry lines at once (a paste): read like typed ones, written as one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from codial_tui.domain.changes import Change, apply
from codial_tui.domain.entry import entry_kinds as said
from codial_tui.domain.problems import Invalid
from codial_tui.errors import CodialError, refuse

from . import entering
from .editing import Editor

SHOWN = 40
"""characters of a refused line that its message shows"""


class Gathering(Editor):
    """An editor on a copy of an open document: it keeps the changes instead of storing them.

    Amounts that follow are not worked out here; the real editor does that once, at the end.
    """

    def __init__(self, editor: Editor) -> None:
        document = editor.document
        self.context, self.kind, self.reason = editor.context, editor.kind, ""
        self.stack = editor.stack
        self._totals = None
        self.document = replace(
            document,
            header=dict(document.header),
            lines=[replace(line) for line in document.lines],
            adjustments=[replace(one) for one in document.adjustments],
        )
        self.changes: list[Change] = []

    def commit(
        self,
        changes: Sequence[Change | None],
        label: str,
        *,
        barrier: bool = False,
        undoes: int | None = None,
    ) -> None:
        wanted = [change for change in changes if change is not None]
        apply(self.document, wanted)
        self.changes += wanted


def enter_lines(
    editor: Editor, texts: Sequence[str], after: str | None, label: str = ""
) -> str | None:
    """Enter these lines one below the other as one step; the uid to stand on.

    Raises Refused with the number of the first line that cannot be entered; nothing is then.
    """
    gathering = Gathering(editor)
    for number, text in enumerate(texts, 1):
        try:
            after = _enter(gathering, text, after)
        except (CodialError, Invalid) as error:
            why = error.text if isinstance(error, CodialError) else error.problems[0].text
            shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
            raise refuse(
                "paste.line", f"Ligne {number} « {shown} » : {why}", "rien n'a été ajouté"
            ) from error
    editor.commit(gathering.changes, label or f"Collé {len(texts)} lignes")
    return after


def _enter(editor: Editor, text: str, after: str | None) -> str | None:
    reading = entering.read(editor, text, after)
    entry = reading.entry
    if isinstance(entry, said.Search):
        raise refuse("item.unknown", "article inconnu")
    unpriced = editor.kind.unpriced
    if isinstance(entry, said.FreeItem) and entry.unit_price is None and not unpriced:
        raise refuse("item.price", "il manque le prix")
    if reading.error or isinstance(entry, said.Command):
        raise refuse("entry.refused", reading.text)
    return entering.enter(editor, reading, after)
