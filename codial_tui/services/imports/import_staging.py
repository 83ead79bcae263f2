"""The staging files of imports: their names say whose they are, so that what a dead program left
behind can be gone on with, or cleared away."""

from __future__ import annotations

from pathlib import Path

from codial_tui.errors import refuse
from codial_tui.models.staging import Staging, staging_place
from codial_tui.services.context import Context


def new_staging(context: Context) -> Staging:
    """An empty staging file of this program; those nobody needs any more are removed."""
    folder, start = staging_place(context.database)
    needed = {
        file_of(text)
        for (text,) in context.database.rows(
            "SELECT staging FROM import_batch WHERE state = 'running'"
        )
    }
    for path in folder.iterdir():
        if path.name.startswith(start) and path.name not in needed:
            token = path.name.removeprefix(start).partition("-")[0]
            if not context.alive(token):
                path.unlink(missing_ok=True)
    return Staging.create(folder / f"{start}{context.session}-{context.uid()}")


def open_staging(context: Context, text: str) -> Staging:
    """The staging file of a batch. Raises Refused when it is gone, or on another machine."""
    path = path_of(context, text)
    if not path.is_file():
        raise refuse(
            "import.staging_gone",
            "Le fichier de travail de cet import n'est plus là",
            "annulez l'import, ou reprenez-le depuis le poste qui l'a commencé",
        )
    return Staging(path)


def path_of(context: Context, text: str) -> Path:
    return staging_place(context.database)[0] / Path(file_of(text)).name


def note(owner: str, path: Path) -> str:
    """What `import_batch.staging` holds: whose program applies it now, and the file."""
    return f"{owner}:{path.name}"


def owner_of(text: str) -> str:
    """The token of the program that applies the batch, "" when none does."""
    return text.partition(":")[0]


def file_of(text: str) -> str:
    return text.partition(":")[2]
