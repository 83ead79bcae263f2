"""How long each chain is and what its last hash is, signed, in a file beside the key: it finds a
chain whose end was cut off, and an old file put in the place of a newer one (domain.md §6 « Law »).

The file is written **after** the commit of whatever made a chain longer, atomically, and only ever
says more. It is a lower bound: a program killed between the commit and the file leaves it behind
by what it was writing, which proves nothing less about all the rest, and the next write catches up.
The other order would be worse: a file ahead of the database, as an interrupted validation would
leave it, could not be told from a chain that was cut.

A database behind the file is refused for validating, until a restoration says so in its own log:
the event `database.restore` names the signature of the file it found (`services.backups`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from codial_tui.domain.law.canonical import FIRST
from codial_tui.domain.problems import Problem
from codial_tui.errors import CodialError
from codial_tui.services.context import Context

from . import chain_links, signing, training

INVOICES = "invoices"
NAMES = {INVOICES: "factures", **chain_links.CHAINS}
FORMAT = 1
LATER = "signed count later"
"""In the cache of a context that prepares a database which is not in its place yet."""


class Count(NamedTuple):
    """A signed count as its file says it. heads: chain → (how many, last hash)."""

    at: str
    company: str
    key: str
    heads: Mapping[str, tuple[int, str]]
    signature: str

    @property
    def text(self) -> bytes:
        """What is signed."""
        return _text(self.at, self.company, self.key, self.heads)


def _text(at: str, company: str, key: str, heads: Mapping[str, tuple[int, str]]) -> bytes:
    said = {"format": FORMAT, "at": at, "company": company, "key": key, "heads": dict(heads)}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def heads(context: Context) -> dict[str, tuple[int, str]]:
    """How long each chain is now, and its last hash."""
    found = context.database.row(
        "SELECT position, hash FROM invoice_seal ORDER BY position DESC LIMIT 1"
    )
    first = (int(found[0]), str(found[1])) if found else (0, FIRST)
    return {
        INVOICES: first,
        **{chain: chain_links.last(context.database, chain) for chain in chain_links.CHAINS},
    }


def path(context: Context) -> Path:
    return signing.folder(context) / "count.json"


def due(context: Context) -> None:
    """Inside a transaction that makes a chain longer: write the count once it is committed."""
    if not training.is_training(context) and not context.cache.get(LATER):
        context.database.after_commit("signed count", lambda: write(context))


def due_first(context: Context) -> None:
    """Inside the transaction that makes a key: there may be no count yet."""
    context.database.after_commit("first count", lambda: write(context, first=True))


def write(context: Context, *, first: bool = False) -> None:
    """Sign how long the chains are now. Without a key at hand, or on a full disk, the file stays
    behind; one that does not fit the database stays, and one that is gone stays away unless it is
    the `first` of a key. The next validation is then refused."""
    if signing.current(context) is None:
        return
    with suppress(OSError, CodialError), _alone(signing.folder(context)):
        found = list(verify(context))
        allowed = ("count.missing",) if first else ()
        if any(one.level == "error" and one.code not in allowed for one in found):
            return
        before = read(context)
        if before and _declared(context, before):  # a restoration answers for it
            set_aside(context)
        _put(context, heads(context))


def set_aside(context: Context) -> None:
    """Keep a count that the database no longer follows under another name."""
    with suppress(OSError):
        stamp = context.now.translate({ord(one): None for one in "-:."})
        path(context).replace(path(context).with_name(f"count-{stamp}.json"))


def _put(context: Context, now: Mapping[str, tuple[int, str]]) -> None:
    key = signing.current(context)
    assert key is not None
    company = signing.folder(context).name
    at = context.now
    _, signature = signing.sign(context, _text(at, company, key.public, now))
    said = Count(at, company, key.public, now, signature)._asdict()
    target = path(context)
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump({"format": FORMAT, **said}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(0o600)
    part.replace(target)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One program at a time reads the chains and says so."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read(context: Context) -> Count | None:
    """The count as the file says it, None when there is none or it is no such file."""
    try:
        found = json.loads(path(context).read_text("utf-8"))
        said = {name: (int(one[0]), str(one[1])) for name, one in found["heads"].items()}
        if found["format"] != FORMAT:
            return None
        at, company, key = (str(found[name]) for name in ("at", "company", "key"))
        return Count(at, company, key, said, str(found["signature"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _declared(context: Context, count: Count) -> bool:
    """Whether a restoration of this database says that it found this count."""
    return any(body.get("count") == count.signature for _, body in _restorations(context))


def _restorations(context: Context) -> Iterator[tuple[str, dict[str, Any]]]:
    from codial_tui.domain.law.chain_text import read as read_link

    for at, text in context.database.rows(
        "SELECT at, canonical FROM chain_link WHERE chain = 'events' "
        "AND subject = 'database.restore' ORDER BY position"
    ):
        with suppress(ValueError):
            yield str(at), read_link(text)[1]


def problems(context: Context) -> list[Problem]:
    """Why nothing may be validated now: the key is lost, or the database is not the one whose
    count was signed."""
    if training.is_training(context):
        return []
    reason = signing.missing(context)
    if reason:
        return [Problem("key.missing", "", reason, signing.REMEDY)]
    return [
        one._replace(field="", remedy="« codial-tui restore » dit comment")
        for one in verify(context)
        if one.level == "error"
    ][:1]


def verify(context: Context) -> Iterator[Problem]:
    """What the signed count says that the chains do not, unless a restoration of this database
    answers for it (`restored`)."""
    if training.is_training(context):  # said, so that nobody takes it for the real one
        words = f"base {training.MARK} : compte signé non contrôlé"
        yield Problem("count.training", str(path(context)), words, "", "warning")
        return
    if signing.current(context) is None:
        return
    where, count = str(path(context)), read(context)
    if count is None:
        if path(context).exists():
            yield Problem("count.unreadable", where, "compte signé illisible")
        elif heads(context)[INVOICES][0]:
            yield Problem("count.missing", where, "compte signé absent", signing.VARIABLE)
        return
    declared = _declared(context, count)
    known = declared or count.key in {key.public for key in signing.listed(context)}
    signed = signing.is_signed(count.key, count.signature, count.text)
    if not known or not signed or count.company != signing.folder(context).name:
        yield Problem("count.signature", where, "ce compte n'est pas signé par la clé de la base")
    elif not declared:
        yield from _compare(context, count)


def lost(context: Context) -> dict[str, list[int]]:
    """What the count at hand says beyond this database: chain → how many it says, how many are
    here. For the log of a restoration."""
    count = read(context)
    now = heads(context)
    if count is None:
        return {}
    return {
        name: [said, now[name][0]] for name, (said, _) in count.heads.items() if said > now[name][0]
    }


def restored(context: Context) -> Iterator[Problem]:
    """What restorations took away, for ever: warnings."""
    for at, body in _restorations(context):
        for name, (said, here) in dict(body.get("lost") or {}).items():
            if name != "events":
                words = (
                    f"{_several(said - here, name)} de moins qu'au compte signé ({here} sur {said})"
                )
                file = Path(str(body.get("file"))).name
                place = f"restauration {at[:16]} de {file}"
                yield Problem("count.restored", place, words, level="warning")


def _several(count: int, chain: str) -> str:
    name = NAMES[chain]
    return f"{count} {name if abs(count) > 1 else name.removesuffix('s')}"


def _compare(context: Context, count: Count) -> Iterator[Problem]:
    now = heads(context)
    for name, (said, last) in count.heads.items():
        if now[name][0] < said:
            words = f"{_several(said, name)} au compte signé du {count.at[:16]}, {now[name][0]} ici"
            yield Problem("count.cut", NAMES[name], words)
        elif said and _hash(context, name, said) != last:
            words = f"la chaîne des {NAMES[name]} n'est pas celle du compte signé"
            yield Problem("count.other", NAMES[name], words)


def _hash(context: Context, chain: str, position: int) -> str:
    if chain == INVOICES:
        sql, values = "SELECT hash FROM invoice_seal WHERE position = ?", (position,)
        return str(context.database.value(sql, values))
    sql = "SELECT hash FROM chain_link WHERE chain = ? AND position = ?"
    return str(context.database.value(sql, (chain, position)))
