"""What may become a logo: whole PNG and JPEG pictures of a sane size."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from codial_tui.errors import Unreadable
from codial_tui.printing.picture import check


def picture(mode: str, kind: str, size: tuple[int, int] = (30, 20)) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "PNG"), ("RGBA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("L", "JPEG"), ("RGB", "JPEG")],
)
def test_pictures_are_taken(mode: str, kind: str) -> None:
    check(picture(mode, kind))


def bomb() -> bytes:
    """A PNG that says it is 60 000 × 60 000."""
    whole = picture("L", "PNG")
    head = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + whole[24:29]
    return whole[:12] + head + zlib.crc32(head).to_bytes(4, "big") + whole[33:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg/>",
        picture("RGB", "GIF"),
        picture("RGB", "PNG", (300, 200))[:90],
        picture("RGB", "JPEG")[:300],
        picture("CMYK", "JPEG"),
        bomb(),
        picture("1", "PNG", (5_000, 5_000)),
    ],
    ids=["empty", "svg", "gif", "cut png", "cut jpeg", "cmyk", "bomb", "large"],
)
def test_what_cannot_be_printed_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        check(data)
    assert refused.value.remedy
