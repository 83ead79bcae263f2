"""`python tapped_program.py LOG ARGUMENTS…`: the program, with what its driver takes and sends
written to a file, one JSON list a line: ["plain", frame], ["thin", bytes], ["shown"],
["size", width, height], ["left"] before a suspension."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))


def tap(log: Path) -> None:
    """Listen at the driver once the app is imported, after the terminal's environment is set."""
    from codial_tui.terminal import environment

    prepare = environment.prepare

    def prepared(*options: Any) -> Any:
        terminal = prepare(*options)
        _listen(log)
        return terminal

    environment.prepare = prepared


def _listen(log: Path) -> None:
    from codial_tui.terminal.wire import CellDiffDriver as Driver

    file = log.open("a", encoding="utf-8", buffering=1)

    def say(*record: Any) -> None:
        file.write(json.dumps(record) + "\n")

    take, send, show = Driver._take, Driver._send, Driver._show
    stop = Driver.stop_application_mode

    def taking(self: Driver, frame: str) -> None:
        if self._app.size != (self._wanted.width, self._wanted.height):
            say("size", *self._app.size)
        say("plain", frame)
        take(self, frame)

    def sending(self: Driver, text: str) -> None:
        say("thin", text)
        send(self, text)

    def showing(self: Driver) -> None:
        show(self)
        if not self._late:
            say("shown")

    def stopping(self: Driver) -> None:
        stop(self)
        say("left")

    Driver._take, Driver._send, Driver._show = taking, sending, showing  # type: ignore[method-assign]
    Driver.stop_application_mode = stopping  # type: ignore[method-assign]


if __name__ == "__main__":
    tap(Path(sys.argv[1]))
    from codial_tui.__main__ import main

    sys.exit(main(sys.argv[2:]))
