"""Whether a file may be opened as our SQLite database; looking changes no byte of it.

Every refusal is a DatabaseRefused that says what to do; the file, and the folder around it, stay
as they were.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ..errors import DatabaseRefused, system_words
from .refusals import newer

APPLICATION_ID = 0x436F6454
"""`CodT`: what makes an SQLite file ours (PRAGMA application_id)."""

MINIMUM = (3, 37, 0)
"""STRICT tables; the library's version, not the file's."""

MAGIC = b"SQLite format 3\0"

NETWORK = frozenset(
    """nfs nfs4 cifs smb smb3 smbfs 9p afs ncpfs coda glusterfs ceph lustre beegfs davfs fuse.sshfs
    fuse.glusterfs fuse.davfs fuse.rclone fuse.s3fs fuse.smbnetfs fuse.curlftpfs fuse.ceph
    fuse.gvfsd-fuse""".split()  # noqa: SIM905
)


def network_file_system(path: Path, mounts: str) -> str:
    """The type of the network file system a path is on, "" when it is on a local one.

    mounts: text in the format of /proc/mounts, where a blank in a path is written `\\040`.
    """
    target, best, kind = path.resolve(), -1, ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if target.is_relative_to(point) and len(point) >= best:
            best, kind = len(point), fields[2]
    return kind if kind in NETWORK else ""


def read_mounts() -> str:
    """What is mounted here, "" where the system does not say."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def check_library(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> None:
    """Refuse an SQLite library without what the schema needs."""
    if version < MINIMUM:
        have = ".".join(map(str, version))
        raise DatabaseRefused(
            f"SQLite {have} est trop ancien (il faut 3.37 au moins)",
            "installez un Python plus récent : il apporte son SQLite",
        )


def check_file(path: Path, *, create: bool, newest: int, mounts: str | None = None) -> None:
    """Refuse a file that must not be opened. newest: last schema version this program knows."""
    check_library()
    network = network_file_system(path, read_mounts() if mounts is None else mounts)
    if network:
        raise DatabaseRefused(
            f"La base est sur un disque réseau ({network}), où les verrous ne tiennent pas",
            "mettez-la sur un disque de cette machine, ou utilisez PostgreSQL",
        )
    if not path.exists():
        _check_missing(path, create)
        return
    if not path.is_file():
        raise DatabaseRefused(f"{path} n'est pas un fichier", "donnez le chemin d'une base")
    if not os.access(path, os.R_OK):
        raise DatabaseRefused(f"{path} ne peut pas être lu", "demandez-en le droit de lecture")
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise DatabaseRefused(
            f"{path} est en lecture seule",
            "donnez le droit d'écrire dans le fichier et dans son dossier",
        )
    if path.stat().st_size == 0 and create:
        return
    _check_header(path)
    _check_content(path, newest)


def make_private(path: Path) -> None:
    """Make an empty file that only its account can read; one that is there keeps its mode, and
    SQLite gives its -wal and -shm files the same. Raises DatabaseRefused."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseRefused(
            f"{path} ne peut pas être écrit : {system_words(error)}",
            "vérifiez le chemin et les droits",
        ) from error


def _check_missing(path: Path, create: bool) -> None:
    if not create:
        raise DatabaseRefused(f"{path} n'existe pas", "vérifiez le chemin, ou créez la base")
    folder = next((one for one in path.parents if one.exists()), path.parent)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseRefused(
            f"Le dossier {folder} est en lecture seule", "choisissez un autre dossier"
        )


def _check_header(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or header[:16] != MAGIC:
        raise DatabaseRefused(
            f"{path} n'est pas une base SQLite", "vérifiez le chemin ; le fichier n'a pas changé"
        )
    page_size = int.from_bytes(header[16:18]) or 0
    page_size = 65536 if page_size == 1 else page_size
    known = header[24:28] == header[92:96]  # the page count is only valid then
    pages = int.from_bytes(header[28:32])
    whole = path.stat().st_size >= page_size * pages
    if known and not whole and not _wal(path).exists():
        raise _corrupt(path, "il est tronqué")


def _check_content(path: Path, newest: int) -> None:
    try:
        application, version, tables = _look(path)
    except sqlite3.DatabaseError:
        try:  # another program may just have folded its log into the file
            application, version, tables = _look(path)
        except sqlite3.DatabaseError as error:
            raise _corrupt(path, str(error)) from error
    if application != APPLICATION_ID and (application or tables):
        raise DatabaseRefused(
            f"{path} est la base d'un autre programme", "vérifiez le chemin ; rien n'a changé"
        )
    if version > newest:
        raise newer(version, newest)


def _look(path: Path) -> tuple[int, int, int]:
    """application_id, schema version and number of tables, leaving no trace.

    `immutable` keeps SQLite from making its -wal and -shm files, but also blind to a log that is
    there: then `mode=ro`, which changes no file that exists.
    """
    mode = "mode=ro" if _wal(path).exists() else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=10)
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if tables and application == APPLICATION_ID:
            version = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
        return application, version, tables
    finally:
        connection.close()


def _wal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _corrupt(path: Path, why: str) -> DatabaseRefused:
    return DatabaseRefused(
        f"{path} est abîmé ({why})", "reprenez une sauvegarde ; le fichier n'a pas changé"
    )
