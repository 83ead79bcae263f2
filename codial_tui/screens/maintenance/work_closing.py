"""F8 and F7 on a work order: closed, opened again, without a sequel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codial_tui.commands import Command
from codial_tui.screens.wording import counted
from codial_tui.services.maintenance import closing, returning
from codial_tui.services.stock import stock_moves

if TYPE_CHECKING:
    from codial_tui.screens.document.document_validate import ValidateCommands

REOPEN = Command(
    *("reopen", "Rouvrir", "Rouvre un bon terminé ou sans suite, tant que rien n'est facturé"),
    short="rouvrir",
)
DROP = Command(
    *("drop_work", "Sans suite", "Le bon n'aura pas de suite et ne sera pas facturé"),
    short="sans suite",
)


async def close(host: ValidateCommands) -> None:
    """F8: what keeps it open, else the question."""
    context, document = host.context, host.editor.document
    if problems := closing.problems(context, document):
        await host._show(problems)
        return
    if host.editor.reason:
        host.reading.refuse(host.editor.reason)
        return
    parts = len(stock_moves.moving(document))
    leaves = f", {counted(parts, 'pièce')} du dépôt" if parts else ""
    short = closing.shortages(context, document)
    noted = f"! {short[0].message}. " if short else ""
    if document.text("check_result") == returning.HELD:
        noted = f"! {' · '.join(returning.reasons(context, document))}. "

    async def then(letter: str) -> None:
        if letter == "O":
            done = closing.close(context, host.editor)
            await host.refresh_document()
            host.reading.done(f"{done.ref} terminé · F6 le facture")

    question = f"{noted}Terminer {document.ref}{leaves} ? O/N"
    if len(question) > host.app.size.width - 4:
        room = host.app.size.width - 4 - len("Terminer quand même ? O/N ")
        noted = noted if len(noted) <= room else f"{noted[: room - 1]}…"
        question = f"{noted.rstrip()} Terminer quand même ? O/N"
    host.reading.ask(question, then, final=True)


async def reopen(host: ValidateCommands) -> None:
    done = closing.reopen(host.context, host.editor)
    await host.refresh_document()
    host.reading.done(f"{done.ref} rouvert")


def drop(host: ValidateCommands) -> None:
    """Asked first: it will not be invoiced."""

    async def then(letter: str) -> None:
        if letter == "O":
            done = closing.drop(host.context, host.editor)
            await host.refresh_document()
            host.reading.done(f"{done.ref} sans suite · F7 R le rouvre")

    document = host.editor.document
    host.reading.ask(f"{document.ref} sans suite, jamais facturé ? O/N", then, final=True)
