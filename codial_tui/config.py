"""Where things are: the files that ship with the program, and the user's own data.

Nothing here creates, opens or checks a file: opening a database (and refusing one) is the
business of `models`.
"""

import os
from pathlib import Path

DATABASE_VARIABLE = "CODIAL_TUI_DATABASE"
_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """The file or folder `name` (with `/` between parts) that ships with the program.

    A wheel carries the assets inside the package; a checkout has them beside it. Paths and
    not `importlib.resources`: fpdf2 and Textual want real files, and the module costs start-up.

    Raises FileNotFoundError for a name that does not exist or leads out of the assets: a
    mapping's name may have been typed by a user.
    """
    root = _assets()
    try:
        path = (root / name).resolve(strict=True)
    except (OSError, ValueError) as error:  # absent, too long, a null in the name
        raise FileNotFoundError(f"no such asset: {name!r}") from error
    if not path.is_relative_to(root):
        raise FileNotFoundError(f"no such asset: {name!r}")
    return path


def data_dir() -> Path:
    """The user's data folder for this program, as the system wants it; may not exist yet."""
    import platformdirs

    return platformdirs.user_data_path("codial-tui", appauthor=False)


def default_database_url() -> str:
    """What `--database` is when it is not given: a path or a URL.

    The environment variable CODIAL_TUI_DATABASE (an empty one counts as absent), else the path
    of an SQLite file in the user's data folder.
    """
    return os.environ.get(DATABASE_VARIABLE) or str(data_dir() / "codial.sqlite3")


def _assets() -> Path:
    inside = _PACKAGE / "assets"
    return inside if inside.is_dir() else _PACKAGE.parent / "assets"
