"""Which step undo and redo would take, from the document's step log alone (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .problems import invalid


@dataclass(frozen=True, slots=True)
class Step:
    """One gesture in the log. undoes: the step this one takes back (itself perhaps an undo)."""

    id: int
    user_id: int
    user_name: str
    at: str
    label: str
    undoes: int | None = None
    barrier: bool = False


@dataclass(slots=True)
class UndoStack:
    """What can be undone and redone now. A step that undoes an undo is a redo; a new step clears
    what could be redone; barriers and other people's steps stop undo with a message."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    _depth: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, steps: Iterable[Step]) -> UndoStack:
        stack = cls()
        for step in steps:
            stack.add(step)
        return stack

    def add(self, step: Step) -> None:
        """Take a step of the log into account, oldest first."""
        depth = 0 if step.undoes is None else self._depth.get(step.undoes, 0) + 1
        self._depth[step.id] = depth
        if depth == 0:
            self.done.append(step)
            self.undone.clear()
        elif depth % 2:
            if self.done:
                self.done.pop()
            self.undone.append(step)
        else:
            if self.undone:
                self.undone.pop()
            self.done.append(step)

    def to_undo(self, user_id: int) -> Step:
        """The step that undo takes back. Raises Invalid with the reason when there is none."""
        if not self.done:
            raise invalid("undo.nothing", "Rien à annuler")
        step = self.done[-1]
        if step.barrier:
            raise invalid("undo.barrier", f"« {step.label} » ne s'annule pas ainsi")
        if step.user_id != user_id:
            raise invalid(
                "undo.other",
                f"« {step.label} » est de {step.user_name}, {step.at[11:16]}",
                "seul l'auteur annule son geste",
            )
        return step

    def to_redo(self, user_id: int) -> Step:
        """The undo step that redo takes back. Raises Invalid with the reason."""
        if not self.undone:
            raise invalid("redo.nothing", "Rien à rétablir")
        step = self.undone[-1]
        if step.user_id != user_id:
            raise invalid("redo.other", f"Annulé par {step.user_name}", "seul l'auteur rétablit")
        return step
