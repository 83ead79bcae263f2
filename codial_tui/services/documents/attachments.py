"""GED: files kept with a document, in the database, without ever opening another program.

A user adds files from their own inbox folder and takes copies out to their own export folder;
nothing else of the host can be named (issue 2; deploy: a forced command has no way out).
"""

from __future__ import annotations

import hashlib
import mimetypes
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from codial_tui.config import data_dir
from codial_tui.domain.text import clean
from codial_tui.errors import refuse, system_words
from codial_tui.services.context import Context
from codial_tui.services.records import settings

LIMIT = 20 * 1024 * 1024
"""bytes of one attachment"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file kept. size in bytes; at: UTC ISO text."""

    id: int
    name: str
    mime: str
    size: int
    origin: str
    at: str


def folder(context: Context, which: str) -> Path:
    """The user's `inbox` or `export` folder, made when missing; private to the account."""
    chosen = settings.value(context, f"folder.{which}")
    path = Path(chosen) if chosen else data_dir() / which / context.user.login
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise refuse(
            "folder.unusable", f"Dossier {path} inutilisable", system_words(error)
        ) from error
    return path


def inbox(context: Context) -> list[Path]:
    """The files that wait in the user's inbox, by name. No links: they lead out of it."""
    found = folder(context, "inbox").iterdir()
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def waiting(context: Context, name: str) -> Path:
    """A file of the inbox by its name. Raises Refused when it has gone."""
    path = next((one for one in inbox(context) if one.name == name), None)
    if path is None:
        raise refuse("inbox.missing", f"« {name} » n'est plus dans la boîte de dépôt")
    return path


def leave(path: Path) -> None:
    """Take out of the inbox what is kept in the database."""
    with suppress(OSError):  # a folder that cannot be written only keeps it twice
        path.unlink()


def listed(context: Context, owner_uid: str) -> list[Attachment]:
    """What is attached, oldest first."""
    found = context.database.rows(
        "SELECT id, name, mime, size, origin, created_at FROM attachment "
        "WHERE owner_uid = ? ORDER BY id",
        (owner_uid,),
    )
    return [Attachment(*row) for row in found]


def add(
    context: Context, owner: str, owner_uid: str, name: str, content: bytes, origin: str = "added"
) -> int:
    """Keep a file with a document or record; returns its id. Raises Refused when too big."""
    if len(content) > LIMIT:
        raise refuse("attachment.too_big", f"« {name} » dépasse {LIMIT >> 20} Mo", "réduisez-le")
    name = clean(Path(name).name)[:200] or "fichier"
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    with context.database.write():
        return insert(context, owner, owner_uid, name, mime, content, origin)


def insert(
    context: Context, owner: str, owner_uid: str, name: str, mime: str, content: bytes, origin: str
) -> int:
    """Inside the caller's transaction."""
    database = context.database
    found = database.insert(
        "attachment",
        {
            "uid": context.uid(),
            "owner": owner,
            "owner_uid": owner_uid,
            "name": name,
            "mime": mime,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "origin": origin,
            "created_at": context.now,
            "created_by": context.user.id,
        },
    )
    text = content.decode("utf-8", "replace") if mime.startswith("text/") else ""
    database.insert_many(
        "attachment_content", ("attachment_id", "content", "text"), [(found, content, text)]
    )
    if owner == "document" and origin == "printed":
        from codial_tui.services.paper import originals

        originals.chain(context, owner_uid, found)
    return found


def add_from_inbox(context: Context, owner: str, owner_uid: str, name: str) -> int:
    """Attach a file of the inbox, then take it out of there. Raises Refused."""
    path = waiting(context, name)
    try:
        if path.stat().st_size > LIMIT:
            raise refuse(
                "attachment.too_big", f"« {name} » dépasse {LIMIT >> 20} Mo", "réduisez-le"
            )
        data = path.read_bytes()
    except OSError as error:
        raise refuse("inbox.unreadable", f"« {name} » illisible", system_words(error)) from error
    found = add(context, owner, owner_uid, path.name, data)
    leave(path)
    return found


def content(context: Context, attachment_id: int) -> bytes:
    """The bytes of an attachment."""
    found = context.database.value(
        "SELECT content FROM attachment_content WHERE attachment_id = ?", (attachment_id,)
    )
    if found is None:
        raise refuse("attachment.unknown", "Pièce jointe introuvable")
    return bytes(found)


def export(context: Context, attachment_id: int) -> Path:
    """Copy an attachment to the user's export folder, never over another file; its path."""
    name = context.database.value("SELECT name FROM attachment WHERE id = ?", (attachment_id,))
    data = content(context, attachment_id)
    base = folder(context, "export") / Path(str(name)).name
    path, count = base, 1
    while True:
        try:
            with path.open("xb") as file:
                file.write(data)
            return path
        except FileExistsError:
            count += 1
            path = base.with_stem(f"{base.stem}-{count}")
        except OSError as error:
            raise refuse(
                "export.failed", f"Copie de « {name} » impossible", system_words(error)
            ) from error


def text_view(context: Context, attachment: Attachment) -> list[str]:
    """What can be read of an attachment in a terminal: the lines of a text, else what it is."""
    if attachment.mime.startswith("text/"):
        data = content(context, attachment.id)[: 256 * 1024]
        return data.decode("utf-8", "replace").splitlines() or ["(vide)"]
    return [
        f"{attachment.name} · {attachment.mime} · {attachment.size} octets",
        "Pas de texte à montrer. F7 X en dépose une copie dans votre dossier d'export.",
    ]


def delete(context: Context, attachment_id: int) -> None:
    """Remove an attachment that somebody added; printed originals stay. Raises Refused."""
    origin = context.database.value("SELECT origin FROM attachment WHERE id = ?", (attachment_id,))
    if origin == "printed":
        raise refuse("attachment.printed", "Un original imprimé ne s'efface pas")
    with context.database.write():
        context.database.execute("DELETE FROM attachment WHERE id = ?", (attachment_id,))
