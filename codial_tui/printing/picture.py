"""Whether a picture can go on paper, before it is kept."""

from __future__ import annotations

from io import BytesIO

from codial_tui.errors import Unreadable

FORMATS = ("PNG", "JPEG")
MOST = 20_000_000
"""pixels: a small file can unfold into gigabytes"""


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
