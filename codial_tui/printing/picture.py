"""Whether a picture can go on paper, before it is kept; photos made small enough for it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from codial_tui.domain.paper.paper import Photo
from codial_tui.errors import Unreadable

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG")
MOST = 20_000_000
"""pixels: a small file can unfold into gigabytes"""
MOST_OF_PHOTO = 60_000_000
"""pixels of a photo: telephones make 50 million"""
SIDE = 1_200
"""pixels of the longer side of a photo on paper: 300 an inch"""
QUALITY = 80


def check(data: bytes) -> None:
    """Raises Unreadable for bytes that are no PNG or JPEG picture, are cut short or too large, or
    in the inks of a press, which PDF/A does not take beside the colours of a screen."""
    from PIL import Image

    remedy = "une image PNG ou JPEG entière"
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            (width, height), mode = picture.size, picture.mode
            if width * height <= MOST:
                picture.load()
    except Exception as error:  # Pillow raises what its decoders raise
        raise Unreadable("Image illisible", remedy) from error
    if width * height > MOST:
        raise Unreadable(f"Image de {width} × {height}", "20 millions de points au plus")
    if mode == "CMYK":
        raise Unreadable("Image en CMJN", "enregistrez-la en RVB")


def fitted(name: str, data: bytes) -> Photo:
    """A photo as paper takes it: upright as its camera says, scaled down, a JPEG in RGB without
    transparency. Raises Unreadable."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            (width, height) = picture.size
            if width * height > MOST_OF_PHOTO:
                raise ValueError("too large")
            picture.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SIDE, SIDE))
            whole = _opaque(upright)
    except Exception as error:  # Pillow raises what its decoders raise
        raise Unreadable(f"Photo « {name} » illisible", "une image PNG ou JPEG entière") from error
    target = BytesIO()
    whole.save(target, "JPEG", quality=QUALITY)
    return Photo(name, target.getvalue(), *whole.size)


def _opaque(picture: Image) -> Image:
    """On white, in RGB."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGB", over.size, "white")
        ground.paste(over, mask=over.getchannel("A"))
        return ground
    return picture.convert("RGB")
