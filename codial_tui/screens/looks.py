"""The look of the screens: what the terminal can show, as this user wants it."""

from __future__ import annotations

from collections.abc import Mapping

from codial_tui.services.context import Context
from codial_tui.services.law import training
from codial_tui.services.records.preferences import COLOURS, chosen
from codial_tui.terminal.environment import probe
from codial_tui.widgets.theme import Look


def look_for(context: Context, environ: Mapping[str, str]) -> Look:
    """Colours and signs; NO_COLOR and a terminal without colours win over the preference."""
    terminal, wanted = probe(environ), chosen(context, COLOURS)
    look = Look(
        colour=terminal.colours != "none" and wanted != "none",
        plain=terminal.signs == "plain",
        contrast=wanted == "contrast",
    )
    look.badge = training.MARK if training.is_training(context) else ""
    return look
