"""A call while they are on the phone: who, what, what is known; then an answer, or a BI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.widget import Widget

from codial_tui.commands import LOOK, PICK, TRANSFER, VALIDATE
from codial_tui.domain.maintenance.call_record import CALL, STATES, WHO
from codial_tui.domain.spec import Field, FieldType, Page
from codial_tui.errors import refuse
from codial_tui.screens.form_screen import FormScreen
from codial_tui.screens.opening import open_document
from codial_tui.services.maintenance import callers, calls
from codial_tui.widgets.form import FieldView, FormPane
from codial_tui.widgets.frame import Offer
from codial_tui.widgets.press import Press
from codial_tui.widgets.rows import Text, TextRows

PAGE = Page(
    "Appel",
    ("who", "caller", "phone", "serial", "subject", "question", "answer"),
    ("number", "opened_at", "", "priority", "assigned_to", "state"),
)
KNOWN = 8
"""rows about who calls"""
TO_ORDER = TRANSFER._replace(
    label="Bon d'intervention", help="Fait un bon d'intervention de cet appel", short="BI"
)
TO_CLOSE = VALIDATE._replace(label="Clore", help="L'appel est traité", short="Clore")


class CallEntry(FormScreen[int | None]):
    """A new call (no id: it is stored with its first field), or one that is there."""

    where = "un appel"

    def __init__(self, call_id: int | None = None, *_: Any) -> None:
        super().__init__(PAGE, (WHO, *CALL.fields))
        self.call_id = call_id
        self.call: dict[str, Any] = {"priority": "normal", "state": "open"}
        self.known = TextRows()
        self._since = 0.0
        self._counts = call_id is None
        """whether the time on the phone is counted: a call that is taken, or gone on with here"""
        self._left = False
        """for its work order: the record of who calls is looked at while they speak"""
        self._told = ""

    def compose_body(self) -> Iterable[Widget]:
        if self.call_id is not None:
            self.call = calls.load(self.context, self.call_id)
        return (*super().compose_body(), self.known)

    async def on_mount(self) -> None:
        self._since = self._clock()
        self.tab_bar.say("Entrée passe au champ suivant · F6 en fait un BI · F8 clôt l'appel")
        self._show()
        self.show_commands()
        self.resume_route()
        await self.form.enter("who" if self.call_id is None else "answer")

    def on_screen_resume(self) -> None:
        if self._left:
            self._left, self._since = False, self._clock()
        if self._since:  # not before it is mounted
            self._show()

    # what it shows -----------------------------------------------------------------------------

    def _clock(self) -> float:
        return self.context.clock().timestamp()

    def _spent(self) -> int:
        """Seconds on the phone, those of this time included."""
        now = max(0, int(self._clock() - self._since)) if self._counts else 0
        return int(self.call.get("seconds") or 0) + now

    def _show(self) -> None:
        """The title, and what is known of who calls."""
        who = self.call.get("party_name") or self.call.get("caller") or ""
        name = f"Appel {self.call['number']}" if self.call_id else "Nouvel appel"
        state = dict(STATES)[self.call["state"]] if self.call_id else ""
        ordered = calls.order_number(self.context, self.call)
        title = " · ".join(filter(None, (name, who, state, ordered)))
        self.title_bar.show(title, f"{self._spent() // 60} min {self._spent() % 60:02d}")
        who_is = self.call.get("party_id"), self.call.get("equipment_id")
        rows = callers.known(self.context, *who_is, self.call_id or 0)
        if ordered:
            rows.insert(0, f"Bon d'intervention {ordered} : F9 l'ouvre, F8 clôt l'appel")
        shown = [Text("CE QU'ON SAIT", rule=True), *(f" {one}" for one in rows[: KNOWN - 1])]
        self.known.show(*(shown if rows else ()))

    def value_of(self, name: str) -> Any:
        if name == "who":
            return self.call.get("party_id")
        if name == "opened_at" and not self.call_id:
            return None
        return self.call.get(name)

    def _view(self, name: str) -> FieldView:
        if name == "who":
            return FieldView(self.call.get("party_id"), self.call.get("party_name") or "")
        if self.fields[name].store == "computed":
            value = self.call.get(name)
            if name == "opened_at" and value:
                value = self.context.local(value).isoformat()
            return FieldView(value, locked="donné par le programme")
        return super()._view(name)

    # what it writes ----------------------------------------------------------------------------

    async def put(self, field: Field, value: Any) -> None:
        if field.name == "who":
            values = callers.chosen(str(value)) if value else {"party_id": None, "party_name": ""}
        elif value is None and field.type is not FieldType.REFERENCE:
            values = {field.name: ""}
        else:
            values = {field.name: value}
        self._write(values)

    def _write(self, values: dict[str, Any]) -> None:
        if self.call_id is None:
            self.call_id = calls.take(self.context, **values)
            self.call = calls.load(self.context, self.call_id)
        else:
            before = self.call
            try:
                self.call = calls.change(self.context, self.call_id, before, **values)
            except Exception:
                self.call = calls.load(self.context, self.call_id)  # as it stands, to be read
                self.form.reload()
                raise
            self._follow(before)
        self._show()

    def _follow(self, before: dict[str, Any]) -> None:
        """What a change means: a closed call takes no more time, a machine let go is told."""
        if self.call["state"] == "closed":
            self.note_time()
        self._counts = self.call["state"] != "closed"
        if before["equipment_id"] and not self.call["equipment_id"]:
            which = f"La machine {before['serial']}".rstrip()
            self._told = f"! {which} quitte l'appel · N° de série en donne une autre"

    def note_time(self) -> None:
        """Keep the time on the phone. What was only read took none."""
        if self.call_id is not None and self._counts:
            spent = int(self._clock() - self._since)
            self._since = self._clock()
            self.call["seconds"] = calls.spend(self.context, self.call_id, spent)

    async def press(self, press: Press) -> bool:
        handled = await super().press(press)
        if self.is_current:
            self._show()
            if self._told:  # after what the next field says
                self.reading.say(self._told)
                self._told = ""
        return handled

    async def on_form_pane_finished(self, notice: FormPane.Finished) -> None:
        self.reading.say("F8 clôt l'appel · F6 en fait un bon d'intervention · Échap : à suivre")

    # commands ----------------------------------------------------------------------------------

    def commands(self) -> list[Offer]:
        return [Offer(PICK), Offer(TO_ORDER), Offer(TO_CLOSE), Offer(LOOK)]

    async def action_validate(self) -> None:
        """F8: the call is over."""
        if not await self.form.leave():
            return
        self.note_time()
        calls.close(self.context, self._stored())
        self.dismiss(None)

    async def action_transfer(self) -> None:
        """F6: the work order of this call."""
        if not await self.form.leave():
            return
        self.note_time()
        made = calls.order(self.context, self._stored())
        self.call = calls.load(self.context, self._stored())
        self._counts = False  # from here on it is the work order's time
        self.form.reload()
        self._show()
        self._leave()
        await open_document(self, made, said=f"Bon d'intervention de l'appel {self.call['number']}")

    async def action_look(self) -> None:
        """F9: its work order, else who calls."""
        from codial_tui.screens.opening import open_record

        if self.call.get("document_id"):
            self._leave()
            await open_document(self, int(self.call["document_id"]))
        elif self.call.get("party_id"):
            await open_record(self, "party", int(self.call["party_id"]))
        else:
            raise refuse("look.nothing", "Rien à voir encore", "dites d'abord qui appelle")

    def _leave(self) -> None:
        """Time with the work order is not the call's."""
        self.note_time()
        self._left = True

    def _stored(self) -> int:
        if self.call_id is None:
            raise refuse("call.empty", "Rien n'est noté encore", "dites qui appelle, ou l'objet")
        return self.call_id

    def help_text(self) -> list[str]:
        return [
            "Qui appelle : nom, code, téléphone, n° de série ou de contrat ; trois lettres "
            "montrent qui c'est. Un inconnu : tapez son nom dans Interlocuteur.",
            "Chaque champ est gardé dès qu'on le quitte. Le temps passé est compté.",
            "F6 en fait un bon d'intervention avec tout ce qui est noté, F8 clôt l'appel.",
        ]

    async def back(self) -> None:
        if await self.form.leave():
            self.note_time()
            self.dismiss(None)
