"""F8 and F7 on a work order: closed, opened again, without a sequel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.commands import Command
from codial_tui.domain.document import Document
from codial_tui.domain.kinds import doc_type
from codial_tui.domain.spec import Column
from codial_tui.screens.choosing import ChooseScreen
from codial_tui.screens.wording import counted
from codial_tui.services.maintenance import closing, contract_counts, followed_order, returning
from codial_tui.services.stock import order_goods, stock_moves
from codial_tui.widgets.row_source import Row

if TYPE_CHECKING:
    from codial_tui.screens.document.document_validate import ValidateCommands

REOPEN = Command(
    *("reopen", "Rouvrir", "Rouvre un bon terminé ou sans suite, tant que rien n'est facturé"),
    short="rouvrir",
)
TOLD = (Column("said", "À savoir", min_width=40, shrinks=True),)
DROP = Command(
    *("drop_work", "Sans suite", "Le bon n'aura pas de suite et ne sera pas facturé"),
    short="sans suite",
)


def turning(document: Document) -> Command:
    """What one does with its state: without a sequel while it is open, else opened again."""
    return DROP if document.state == doc_type(document.kind).initial else REOPEN


async def close(host: ValidateCommands) -> None:
    """F8: what keeps it open, else the question."""
    context, document = host.context, host.editor.document
    if problems := closing.problems(context, document):
        await host._show(problems)
        return
    if host.editor.reason:
        host.reading.refuse(host.editor.reason)
        return
    parts = len({line.item_id for line in stock_moves.moving(document)})
    leaves = f", {counted(parts, 'article')} du dépôt" if parts else ""
    warned = _warned(host)

    async def then(letter: str) -> None:
        if letter == "V":
            rows = [Row(str(at), (one,)) for at, one in enumerate(warned)]
            title = f"Avant de terminer {document.ref}"
            await host.app.push_screen(ChooseScreen(title, "Échap revient", TOLD, rows), ask)
        elif letter == "O":
            done = closing.close(context, host.editor)
            await host.refresh_document()
            host.reading.done(f"{done.ref} terminé · F6 le facture")

    def ask(_: object = None) -> None:
        question, letters = f"Terminer {document.ref}{leaves} ?", "ON"
        if warned:
            question = f"! {warned[0]}. {question}"
        if len(warned) > 1 or len(question) > host.app.size.width - 10:
            letters = "ONV"
            said = counted(len(warned), "point")
            question = f"! {said} à voir, V. Terminer {document.ref}{leaves} ?"
        host.reading.ask(f"{question} {'/'.join(letters)}", then, letters=letters, final=True)

    ask()


def _warned(host: ValidateCommands) -> list[str]:
    """What to know before it is closed: what differs in a report that is held, what is short."""
    context, document = host.context, host.editor.document
    held = document.text("check_result") == returning.HELD
    found = returning.reasons(context, document) if held else []
    found += followed_order.warnings(context, document)
    found += contract_counts.told(context, document)
    found += order_goods.told(context.database, document)
    return [*found, *(one.message for one in closing.shortages(context, document))]


async def reopen(host: ValidateCommands) -> None:
    dropped = host.editor.document.state == "dropped"
    done = closing.reopen(host.context, host.editor)
    await host.refresh_document()
    again = " · à planifier" if dropped else ""  # its place was given up
    host.reading.done(f"{done.ref} rouvert{again}")


def drop(host: ValidateCommands) -> None:
    """Asked first: it will not be invoiced."""

    async def then(letter: str) -> None:
        if letter == "O":
            done = closing.drop(host.context, host.editor)
            await host.refresh_document()
            host.reading.done(f"{done.ref} sans suite · F7 6 le rouvre")
            for told in followed_order.warnings(host.context, done):
                host.reading.warn(told)

    document = host.editor.document
    host.reading.ask(f"{document.ref} sans suite, jamais facturé ? O/N", then, final=True)
