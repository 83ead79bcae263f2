"""The Ed25519 key that signs closings and counts, kept apart from the database: whoever can write
the one cannot sign for it (domain.md §6 « Law »).

The private half is a PKCS 8 file that only the account can read, named after its public half, in a
folder a company of the user's data (`folder`). The public halves are rows of `signing_key`; the
last one signs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from codial_tui.config import data_dir
from codial_tui.domain.problems import Problem
from codial_tui.errors import Refused, refuse, system_words
from codial_tui.services.chain import pools
from codial_tui.services.context import Context
from codial_tui.services.records import settings

from . import chain_links, training

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

VARIABLE = "CODIAL_TUI_KEYS"
"""Environment variable: the folder of the keys of all companies, instead of the setting."""

FOLDER = "keys.folder"
"""Company setting: the same."""

REMEDY = "remettez-la, sinon « codial-tui closing replace-key »"


class Key(NamedTuple):
    """A row of `signing_key`: public half in hexadecimal, why it came, from when on."""

    id: int
    public: str
    reason: str
    at: str


def folder(context: Context) -> Path:
    """Where the keys and the signed count of this company are."""
    chosen = os.environ.get(VARIABLE) or str(settings.value(context, FOLDER, "") or "")
    root = Path(chosen).expanduser() if chosen else data_dir() / "keys"
    return root / str(settings.company(context).get("uid") or "none")


def current(context: Context) -> Key | None:
    """The key that signs now, None before there is one."""
    keys = listed(context)
    return keys[-1] if keys else None


def listed(context: Context) -> list[Key]:
    """Every key there was, oldest first."""
    rows = context.database.rows("SELECT id, public_key, reason, at FROM signing_key ORDER BY id")
    return [Key(*row) for row in rows]


def path_of(context: Context, public: str) -> Path:
    return folder(context) / f"{public[:16]}.pem"


def ensure(context: Context) -> None:
    """Create the first key where there is none yet, inside the caller's transaction."""
    if current(context) is None and not training.is_training(context):
        _create(context, "first", None, "")


def rotate(context: Context) -> Key:
    """Go over to a new key that the old one signs. Raises Refused when the old one is lost, or
    when the database is behind the signed count: nothing legal is added to a cut chain."""
    from . import signed_count

    with context.database.write():
        pools.turn(context.database)
        ensure(context)
        old = current(context)
        assert old is not None
        private = _private(context, old)
        if wrong := signed_count.problems(context):
            raise Refused(*wrong)
        return _create(context, "rotation", old, private)


def replace(context: Context) -> Key:
    """Go over to a new key and a new count because one of the old ones is lost: nobody signs that,
    the log says it. Raises Refused while both are at hand."""
    from . import signed_count

    with context.database.write():
        pools.turn(context.database)
        ensure(context)
        old = current(context)
        assert old is not None
        if not signed_count.problems(context):
            raise refuse(
                "key.there", "La clé de signature est là", "« closing rotate-key » en change"
            )
        signed_count.set_aside(context)
        return _create(context, "lost", old, "")


def _create(context: Context, reason: str, old: Key | None, signer: Ed25519PrivateKey | str) -> Key:
    """Make a key: the file first, so that no row ever names one that was not written."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    public = private.public_key().public_bytes(*raw).hex()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _store(path_of(context, public), pem)
    values = {
        "public_key": public,
        "reason": reason,
        "previous_id": old.id if old else None,
        "signature": "" if isinstance(signer, str) else signer.sign(public.encode()).hex(),
        "at": context.now,
        "by": context.user.name,
    }
    key_id = context.database.insert("signing_key", values)
    body = {"login": context.user.login, **{name: values[name] for name in values if name != "by"}}
    if reason != "rotation":
        from . import signed_count

        signed_count.due_first(context)
    chain_links.append(context, "events", "key.created", body)
    return Key(key_id, public, reason, context.now)


def _store(path: Path, content: bytes) -> None:
    """Write a new file that only this account can read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise refuse(
            "key.folder", f"Clé non écrite dans {path.parent} : {system_words(error)}", VARIABLE
        ) from error


def missing(context: Context) -> str:
    """Why this account cannot sign now; "" when it can, or has no key yet."""
    key = current(context)
    if key is None:
        return ""
    path = path_of(context, key.public)
    if not path.exists():
        return f"Clé de signature introuvable : {path}"
    if not os.access(path, os.R_OK) or not os.access(path.parent, os.W_OK):
        return f"Clé de signature inaccessible à ce compte : {path}"
    return ""


def sign(context: Context, data: bytes) -> tuple[Key, str]:
    """The signature of some bytes by the key that signs now, in hexadecimal. Raises Refused when
    the key is lost."""
    key = current(context)
    if key is None:
        raise refuse("key.none", "Pas encore de clé de signature", "« closing run » la crée")
    return key, _private(context, key).sign(data).hex()


def _private(context: Context, key: Key) -> Ed25519PrivateKey:
    loaded: Ed25519PrivateKey | None = context.cache.get(f"key {key.public}")
    path = path_of(context, key.public)
    if loaded is not None and path.exists():
        return loaded
    reason = missing(context)
    if reason:
        raise refuse("key.missing", reason, REMEDY)
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        found = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise refuse("key.unreadable", f"Clé de signature illisible : {path}", REMEDY) from error
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    if (
        not isinstance(found, Ed25519PrivateKey)
        or found.public_key().public_bytes(*raw).hex() != key.public
    ):
        raise refuse("key.wrong", f"Ce n'est pas la clé de cette base : {path}", REMEDY)
    context.cache[f"key {key.public}"] = found
    return found


def verify(context: Context) -> Iterator[Problem]:
    """Keys that are not what the journal says of them, or that the one before did not sign."""
    from codial_tui.domain.law.chain_text import read

    created = {}
    for (text,) in context.database.rows(
        "SELECT canonical FROM chain_link WHERE chain = 'events' AND subject = 'key.created'"
    ):
        with suppress(ValueError):
            link, body = read(text)
            created[body.get("public_key")] = {**body, "by": link.by}
    before: Mapping[str, Any] = {}
    for row in context.database.mappings("SELECT * FROM signing_key ORDER BY id"):
        name = f"clé {str(row['public_key'])[:16]}"
        said = created.pop(row["public_key"], {})
        columns = ("public_key", "reason", "previous_id", "signature", "at", "by")
        signed = row["reason"] != "rotation" or is_signed(
            before.get("public_key", ""), row["signature"], row["public_key"].encode()
        )
        if any(said.get(one) != row[one] for one in columns) or not signed:
            yield Problem("key.unknown", name, "n'est pas celle que dit le journal")
        before = row
    for public in created:
        yield Problem("key.gone", f"clé {str(public)[:16]}", "inscrite au journal, n'existe plus")


def is_signed(public: str, signature: str, data: bytes) -> bool:
    """Whether a signature in hexadecimal is that of these bytes by this public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
