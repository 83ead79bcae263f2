"""A quote for MARTIN SARL of the demo company, open on Lignes; what it holds is read back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from demo_program import running
from opened_program import Session

from codial_tui.bootstrap import Program
from codial_tui.domain.changes import row_of
from codial_tui.domain.document import Document, Line
from codial_tui.screens.document.document import DocumentScreen
from codial_tui.screens.lines.lines import LinesPane
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.documents.rows import load


class Lines(Session):
    """The document screen, its lines as stored, its rows 22 and 23."""

    document_id = 0

    @property
    def document(self) -> Document:
        """As the database has it, which must be what is in memory."""
        found = load(self.app.context.database, self.document_id)
        assert found is not None
        if isinstance(self.screen, DocumentScreen):
            held = self.screen.editor.document
            assert (found.version, [*map(row_of, found.lines)]) == (
                held.version,
                [*map(row_of, held.lines)],
            )
        return found

    @property
    def lines(self) -> list[Line]:
        return self.document.lines

    @property
    def brief(self) -> list[str]:
        """Each line as `sign reference or label`."""
        from codial_tui.screens.lines.line_source import sign_of

        return [f"{sign_of(line)}{line.reference or line.label}" for line in self.lines]

    @property
    def pane(self) -> LinesPane:
        pane = self.screen.pane
        assert isinstance(pane, LinesPane)
        return pane

    @property
    def said(self) -> str:
        """Row 23."""
        return self.rows()[22].strip()

    @property
    def line(self) -> str:
        """What is typed on row 22."""
        return str(self.screen.typing_line.text)

    @property
    def steps(self) -> int:
        return int(
            self.app.context.database.value(
                "SELECT COUNT(*) FROM step WHERE document_id = ?", (self.document_id,)
            )
        )

    async def enter(self, *texts: str) -> None:
        """Entry lines, each with Enter; none may be refused."""
        for text in texts:
            await self.type(text)
            await self.press("enter")
            assert not self.screen.reading.error, (text, self.said)

    async def to(self, text: str) -> None:
        """The cursor of the grid to the line of this reference or label, with keys."""
        wanted = next(one.uid for one in self.lines if text in (one.reference, one.label))
        for _ in self.lines:
            await self.press("up")
        for _ in self.lines:
            if self.pane.place() == wanted:
                return
            await self.press("down")
        assert self.pane.place() == wanted


@asynccontextmanager
async def quoting(
    program: Program,
    monkeypatch: pytest.MonkeyPatch,
    *before: str,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Lines]:
    """A new quote with these entry lines, open on Lignes."""
    context = program.context
    party = context.database.value("SELECT id FROM party WHERE code = 'C00128'")
    made = documents.create(context, "quote", party)
    editor = Editor(context, made)
    after: str | None = None
    for text in before:
        reading = entering.read(editor, text, after)
        assert not reading.error, (text, reading.text)
        after = entering.enter(editor, reading, after)
    editor.close()
    async with running(program, monkeypatch, ref=editor.document.ref, size=size) as session:
        lines = Lines(session.app, session.pilot)
        lines.document_id = made
        yield lines
