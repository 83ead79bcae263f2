"""A counter user beside an import: `python -m bench.counter DATABASE` edits a quote twenty times a
second until its standard input closes, then prints how long each write took, in ms."""

from __future__ import annotations

import json
import select
import sys
import time

THINKING = 0.05


def main(url: str) -> None:
    from codial_tui.bootstrap import open_program
    from codial_tui.services.documents import documents, entering
    from codial_tui.services.documents.editing import Editor
    from codial_tui.services.records import parties

    program = open_program(url, login="comptoir")
    context = program.context
    editor = Editor(context, documents.create(context, "quote", parties.counter(context)))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    took: list[float] = []
    while not select.select([sys.stdin], [], [], THINKING)[0]:
        after = None
        if len(editor.document.lines) > 30:
            editor.undo()
            continue
        reading = entering.read(editor, f".Pose {len(took)};2 x45", after)
        begin = time.perf_counter()
        entering.enter(editor, reading, after)
        took.append(round((time.perf_counter() - begin) * 1000, 3))
    editor.close()
    program.close()
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
