"""Public keys of OpenSSH: read strictly, written as a line of `authorized_keys`.

Strictly, because what is added to that file opens a door: one key, no options, a blob that is
wholly what its algorithm says (RFC 4253 §6.6, RFC 5656, RFC 8709, OpenSSH PROTOCOL.u2f).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import shlex
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .problems import invalid

LIMIT = 16 * 1024
"""bytes of a key file; a 16 384-bit RSA key takes 2 800"""

RSA_BITS = 2048
UNREADABLE = "key.unreadable"
"""code of what is no key at all; a key that must not be used has codes of its own"""

_CURVES = {b"nistp256": 65, b"nistp384": 97, b"nistp521": 133}
_PRIVATE = "PRIVATE KEY"
_ONE_LINE = "donnez le fichier .pub de ssh-keygen, une ligne"


class PublicKey(NamedTuple):
    """One key. algorithm: as OpenSSH names it; data: its base64; fingerprint: `SHA256:…`."""

    algorithm: str
    data: str
    comment: str
    fingerprint: str


def parse_key(content: bytes) -> PublicKey:
    """The one key in the bytes of a .pub file.

    Raises Invalid: `key.unreadable`, `key.private`, `key.options`, `key.several`, `key.weak`.
    """
    line = _only_line(content)
    words = line.split(None, 2)
    if words[0] not in _ALGORITHMS:
        raise _unknown(words)
    algorithm, data, comment = words[0], "".join(words[1:2]), "".join(words[2:])
    try:
        blob = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(UNREADABLE, "Clé abîmée : son codage est faux", _ONE_LINE) from error
    fields = _fields(blob)
    if not fields or fields[0] != algorithm.encode() or not _ALGORITHMS[algorithm](fields[1:]):
        raise invalid(UNREADABLE, f"Clé abîmée : elle n'est pas {algorithm}", _ONE_LINE)
    if algorithm == "ssh-rsa" and _bits(fields[2]) < RSA_BITS:
        bits = _bits(fields[2])
        raise invalid("key.weak", f"Clé RSA de {bits} bits, trop faible", "ssh-keygen -t ed25519")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return PublicKey(algorithm, data, comment, f"SHA256:{digest}")


def authorized_line(key: PublicKey, command: Sequence[str]) -> str:
    """The line of `authorized_keys` that lets a key do nothing but run a command in a terminal.

    `restrict` first: it also takes away what later versions of OpenSSH may add (sshd(8)).
    Raises Invalid for a command that a line cannot hold.
    """
    forced = shlex.join(command)
    if not forced.isprintable():
        raise invalid("command.unprintable", "Un chemin contient un caractère de commande")
    quoted = forced.replace('"', '\\"')  # the only escape that sshd knows there
    return f'restrict,pty,command="{quoted}" {key.algorithm} {key.data} {key.comment}'.rstrip()


def _only_line(content: bytes) -> str:
    if len(content) > LIMIT:
        raise invalid(UNREADABLE, f"Plus de {LIMIT >> 10} ko : ce n'est pas une clé", _ONE_LINE)
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        raise invalid(UNREADABLE, "Ce n'est pas du texte", _ONE_LINE) from error
    if _PRIVATE in text:
        raise invalid("key.private", "C'est la clé privée, gardez-la secrète", _ONE_LINE)
    if "BEGIN SSH2 PUBLIC KEY" in text:
        raise invalid(UNREADABLE, "Clé au format de PuTTY", "ssh-keygen -i -f CLÉ > CLÉ.pub")
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines:
        raise invalid(UNREADABLE, "Fichier vide", _ONE_LINE)
    if not all(line.replace("\t", " ").isprintable() for line in lines):
        raise invalid(UNREADABLE, "La clé contient des caractères de commande", _ONE_LINE)
    if len(lines) > 1:
        raise invalid("key.several", f"{len(lines)} lignes", "une seule clé à la fois")
    return lines[0].strip()


def _unknown(words: list[str]) -> Exception:
    name = words[0]
    if any(word in _ALGORITHMS for word in " ".join(words[1:]).split()):
        return invalid("key.options", "La clé porte des options", "ôtez ce qui précède ssh-…")
    if "-cert-" in name:
        return invalid("key.certificate", "C'est un certificat", _ONE_LINE)
    if name == "ssh-dss":
        return invalid("key.weak", "Clé DSA, trop faible", "ssh-keygen -t ed25519")
    return invalid(UNREADABLE, f"« {name[:40]} » n'est pas une clé publique", _ONE_LINE)


def _fields(blob: bytes) -> list[bytes]:
    """The strings of a blob (RFC 4251 §5), [] when a length lies."""
    found, at = [], 0
    while at < len(blob):
        size = int.from_bytes(blob[at : at + 4])
        if at + 4 + size > len(blob):
            return []
        found.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _bits(number: bytes) -> int:
    return int.from_bytes(number).bit_length()


def _rsa(fields: list[bytes]) -> bool:
    return len(fields) == 2 and 1 < _bits(fields[0]) <= 64 and bool(fields[1]) and _odd(fields[1])


def _odd(number: bytes) -> bool:
    return number[0] < 0x80 and number[-1] % 2 == 1


def _ed25519(fields: list[bytes]) -> bool:
    return len(fields) == 1 and len(fields[0]) == 32


def _ecdsa(curve: bytes) -> Callable[[list[bytes]], bool]:
    def fits(fields: list[bytes]) -> bool:
        return (
            len(fields) == 2
            and fields[0] == curve
            and len(fields[1]) == _CURVES[curve]
            and fields[1][0] == 4  # an uncompressed point
        )

    return fits


def _with_application(fits: Callable[[list[bytes]], bool]) -> Callable[[list[bytes]], bool]:
    """Keys of a security token also name the application they are for."""
    return lambda fields: bool(fields) and fields[-1].startswith(b"ssh:") and fits(fields[:-1])


_ALGORITHMS: dict[str, Callable[[list[bytes]], bool]] = {
    "ssh-ed25519": _ed25519,
    "sk-ssh-ed25519@openssh.com": _with_application(_ed25519),
    "sk-ecdsa-sha2-nistp256@openssh.com": _with_application(_ecdsa(b"nistp256")),
    **{f"ecdsa-sha2-{curve.decode()}": _ecdsa(curve) for curve in _CURVES},
    "ssh-rsa": _rsa,
}
