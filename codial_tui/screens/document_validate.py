"""F8: what is wrong with a document, and the validation of an invoice."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from codial_tui.domain.problems import Problem
from codial_tui.services import validating
from codial_tui.widgets.drawing import fit

from .document_chain import ChainCommands


class ValidateCommands(ChainCommands):
    """The part of a document screen that says whether it is right, and makes an invoice final."""

    async def show_problem(self, field: str) -> None:
        raise NotImplementedError

    async def action_validate(self) -> None:
        """The first problem and where it is; without any, an invoice is validated once O is
        answered, other kinds are told to be right."""
        context, editor = self.context, self.editor
        document = editor.document
        problems = validating.problems(context, document)
        if problems:
            others = f" (+{len(problems) - 1})" if len(problems) > 1 else ""
            self.reading.refuse(problems[0].text + others)
            self.explained = tuple(one.text for one in problems)
            await self.show_problem(problems[0].field)
            return
        missing = validating.warnings(context, document)
        if validating.is_validated_here(document.kind) and not editor.reason:
            self._ask_to_validate(missing)
        elif editor.reason:
            self.reading.refuse(editor.reason)
        elif missing:
            self.reading.warn(missing[0].text)
        else:
            self.reading.done(f"{editor.kind.title} {document.ref} : rien à corriger")

    def _ask_to_validate(self, missing: Sequence[Problem]) -> None:
        async def then(letter: str) -> None:
            if letter == "O":
                await self.guarded(self._validate)
            elif missing:
                self.explained = tuple(one.text for one in missing)
                self.reading.warn(missing[0].text)

        question = "Valider la facture : le numéro est définitif. O/N"
        if missing:
            noted = fit(missing[0].message, self.app.size.width - cell_len(question) - 10).rstrip()
            question = f"! {noted}. {question}"
        self.reading.ask(question, then, final=True)

    async def _validate(self) -> None:
        document = validating.validate(self.context, self.editor)
        await self.refresh_document()
        self.reading.done(f"Facture {document.ref} validée · F3 l'imprime")
