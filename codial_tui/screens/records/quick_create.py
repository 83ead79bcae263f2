"""A record made on the spot: the few fields needed; the last Enter creates it (ux.md §5)."""

from __future__ import annotations

from typing import Any

from codial_tui.commands import PICK, VALIDATE
from codial_tui.domain.records.records import record_type
from codial_tui.domain.spec import Field, Page, RecordType
from codial_tui.errors import Refused
from codial_tui.screens.form_screen import FormScreen
from codial_tui.screens.wording import new_one
from codial_tui.services.records import records
from codial_tui.widgets.form import FormPane
from codial_tui.widgets.frame import Offer


class QuickCreate(FormScreen[int | None]):
    """Answers the new record's id, None on Esc.

    values: what is known already; what is typed goes in there, so that whoever holds them has
    them back after Esc. quiet: fields that are stored without being asked (`is_supplier`).
    """

    def __init__(
        self, record: RecordType | str, values: dict[str, Any] | None = None, **quiet: Any
    ) -> None:
        self.record = record_type(record) if isinstance(record, str) else record
        super().__init__(
            Page(self.record.title, self.record.quick),
            [self.record.field(one) for one in self.record.quick],
        )
        self.values: dict[str, Any] = {} if values is None else values
        self.quiet = quiet

    @property
    def where(self) -> str:  # type: ignore[override]
        return f"la création : {self.record.title}"

    async def on_mount(self) -> None:
        self.title_bar.show(new_one(self.record.gender, self.record.title))
        self.tab_bar.say(
            "Entrée passe au champ suivant ; la dernière crée la fiche, F8 tout de suite"
        )
        self.show_commands()
        self.resume_route()
        empty = next((one for one in self.record.quick if not self.values.get(one)), "")
        if empty:
            await self.form.enter(empty)

    def value_of(self, name: str) -> Any:
        return self.values.get(name)

    async def put(self, field: Field, value: Any) -> None:
        values = {**self.quiet, **self.values, field.name: value}
        records.check_typed(self.context, self.record.name, values, field.name)
        self.values[field.name] = value

    def show_field(self, field: Field) -> None:
        super().show_field(field)
        if field.name == self.record.quick[-1]:
            self.reading.say("Entrée crée la fiche")

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        await self.finish()

    async def finish(self) -> None:
        """Create the record, or go to the field that does not let us."""
        stored = {name: value for name, value in self.values.items() if value not in (None, "")}
        try:
            made = self.make({**stored, **self.quiet})
        except Refused as refused:
            self.reading.refuse(refused.text)
            await self.form.enter(refused.problems[0].field)
            return
        self.dismiss(made)

    def make(self, values: dict[str, Any]) -> int:
        """Store the new record; its id. Raises Refused."""
        return records.create(self.context, self.record.name, values)

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(VALIDATE)]

    async def action_validate(self) -> None:
        if await self.form.leave():
            await self.finish()

    async def back(self) -> None:
        self.dismiss(None)
