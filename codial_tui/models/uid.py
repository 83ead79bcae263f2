"""Identifiers that travel between databases (domain.md §3): UUIDv7, RFC 9562 §5.7."""

from __future__ import annotations

import os
import time


def new_uid(now_ms: int | None = None, random: bytes | None = None) -> str:
    """A UUIDv7 as 32 lower-case hexadecimal digits; later ones sort after earlier ones.

    now_ms: milliseconds since 1970; random: 10 bytes, of which 74 bits are used. Both are taken
    from the system unless given.
    """
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    bits = int.from_bytes(os.urandom(10) if random is None else random[:10])
    high = (bits >> 68) & 0xFFF
    low = bits & 0x3FFF_FFFF_FFFF_FFFF
    return f"{(now_ms << 80) | (0x7 << 76) | (high << 64) | (0x2 << 62) | low:032x}"
