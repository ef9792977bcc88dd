"""Pictures made anew: only what is seen is kept, not where, when and with which device it was taken.

What a picture says of its place is read before, as data, for whoever has a use for it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eom.core.errors import InvalidInput, TooLarge
from eom.core.i18n import lazy

# Fifty megapixels decode to 150 MB; the largest telephones' pictures have as many.
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 12_000
JPEG_QUALITY = 90
THUMBNAIL_SIDE = 480
_FORMATS = ("JPEG", "PNG")
_EXIF_TAKEN, _EXIF_DETAILS, _EXIF_POSITION = 0x0132, 0x8769, 0x8825
_EXIF_ORIGINAL = 0x9003


@dataclass(frozen=True)
class Picture:
    """A picture made anew, its type, its size in pixels, and what the one that was sent told of itself.

    ``latitude`` and ``longitude`` are decimal degrees (WGS 84), ``taken_at`` the camera's own clock.
    """

    data: bytes
    content_type: str
    width: int
    height: int
    latitude: float | None = None
    longitude: float | None = None
    taken_at: datetime | None = None


def cleaned(data: bytes, *, longest_side: int | None = None) -> Picture:
    """The picture of JPEG or PNG bytes, turned upright, without metadata, at most ``longest_side`` pixels.

    Raises InvalidInput for bytes that are no such picture, TooLarge beyond 50 megapixels: told from the
    header, before anything is decoded.
    """
    from PIL import ImageOps

    image = _opened(data)
    kind = str(image.format)
    latitude, longitude, taken_at = _told(image)
    try:
        upright: Any = ImageOps.exif_transpose(image)
        if longest_side is not None:
            upright.thumbnail((longest_side, longest_side))
        plain = upright.convert("RGB" if kind == "JPEG" else _plain_mode(upright.mode))
    except (OSError, ValueError, SyntaxError) as error:
        raise _unreadable() from error
    out = io.BytesIO()
    # A fresh canvas carries neither comments nor profiles over.
    bare = plain.copy()
    bare.info = {}
    bare.save(out, kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {"optimize": False}))
    return Picture(
        out.getvalue(), f"image/{kind.lower()}", plain.width, plain.height, latitude, longitude, taken_at
    )


def thumbnail(data: bytes) -> Picture:
    """A small picture of a picture. Raises as ``cleaned``."""
    return cleaned(data, longest_side=THUMBNAIL_SIDE)


def _opened(data: bytes) -> Any:
    import warnings

    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # The limit is ours, below; Pillow only warns at its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _unreadable() from error
    if image.width * image.height > MAX_PIXELS or max(image.size) > LONGEST_SIDE:
        raise _too_large()
    return image


def _plain_mode(mode: str) -> str:
    return mode if mode in ("L", "RGB", "RGBA") else "RGBA" if "A" in mode or mode == "P" else "RGB"


def _told(image: Any) -> tuple[float | None, float | None, datetime | None]:
    """(latitude, longitude, taken at) as the picture's metadata tell; None for what they do not."""
    try:
        exif = image.getexif()
        position, details = exif.get_ifd(_EXIF_POSITION), exif.get_ifd(_EXIF_DETAILS)
        latitude = _degrees(position.get(2), position.get(1), "S")
        longitude = _degrees(position.get(4), position.get(3), "W")
        taken = details.get(_EXIF_ORIGINAL) or exif.get(_EXIF_TAKEN)
    except Exception:  # Metadata come from anywhere; whatever is wrong with them, the picture counts.
        return None, None, None
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        latitude = longitude = None
    try:
        return latitude, longitude, datetime.strptime(str(taken).strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return latitude, longitude, None


def _degrees(parts: Any, side: Any, negative: str) -> float | None:
    if not parts or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        return None
    return round(-value if str(side).strip("\0 ").upper() == negative else value, 6)


def _too_large() -> TooLarge:
    return TooLarge(
        lazy("The picture has more than %(limit)s megapixels.", limit=MAX_PIXELS // 1_000_000),
        next_step=lazy("Send it smaller."),
    )


def _unreadable() -> InvalidInput:
    return InvalidInput(
        lazy("The picture cannot be read: a JPEG or PNG image was expected."), field="file",
        next_step=lazy("Take or save it again."),
    )  # fmt: skip
