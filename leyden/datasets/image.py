"""Pictures: opened in one way everywhere, what a column of them looks like, and what is said of it."""

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from leyden.datasets.facts import ColumnFacts
from leyden.datasets.profile import ImageSummary
from leyden.errors import DataError
from leyden.messages.render import Message

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "WEBP", "TIFF", "PPM", "AVIF", "JPEG2000", "ICO")
"""Decoders that may see a file somebody brought; those that run other programs are not among them."""
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jfif", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".avif"}
    | {".jp2", ".ico"}
)
MAX_PIXELS = 89_478_485
"""A picture of more would take over 256 MB as RGB; Pillow's own limit."""
WHITE = (255, 255, 255, 255)
SIDE_OF_MEAN = 64
"""Pixels that are enough for the mean of a picture."""


@dataclass(frozen=True)
class Picture:
    """What is known of one picture: size as it is seen (turned by its EXIF orientation), and mode in the file."""

    width: int
    height: int
    mode: str


def open_rgb(source: Path | str | bytes, *, side: int | None = None) -> Image.Image:
    """A picture as 8-bit RGB, upright, whatever it was: the one way in which anything here sees pictures.

    Transparent pixels lie over white, 16-bit values are scaled to 8 bits, of an animation it is the first frame.

    Args:
        source: A file, or what is in one.
        side: Pixels that are enough in height and width. A JPEG of many more is decoded at a half, a quarter or an
            eighth, but not below, which takes a fraction of the time and memory.

    Raises:
        DataError: It is no picture, damaged, or absurdly large.
    """
    try:
        with Image.open(BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS) as image:
            check_size(image)
            if side is not None:
                image.draft("RGB", (side, side))
            image.load()
            return to_rgb(_upright(image))
    except UnidentifiedImageError as error:
        raise DataError("picture_unknown", name=_name(source)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError("picture_too_large", name=_name(source), most=MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise DataError("picture_damaged", name=_name(source), detail=str(error)) from error


def small_jpeg(source: Path | bytes, side: int) -> bytes:
    """A JPEG of a picture that fits into a square of `side` pixels.

    Raises:
        DataError: As `open_rgb`.
    """
    image, small = open_rgb(source, side=side), BytesIO()
    image.thumbnail((side, side))
    image.save(small, format="JPEG", quality=85)
    return small.getvalue()


def brightness(source: Path | bytes) -> float:
    """Mean of a picture's gray values (luma of ITU-R BT.601), from 0, black, to 1, white.

    Raises:
        DataError: As `open_rgb`.
    """
    gray = open_rgb(source, side=SIDE_OF_MEAN).convert("L")
    return float(np.asarray(gray).mean()) / 255


def inspect(path: Path) -> Picture:
    """Decodes a picture completely, to be sure that it can be, and tells its size.

    Raises:
        DataError: As `open_rgb`.
    """
    rgb = open_rgb(path)
    with Image.open(path, formats=FORMATS) as image:
        return Picture(rgb.width, rgb.height, image.mode)


def looks_like_image(name: str, head: bytes) -> bool:
    """Whether a file is worth reading as a picture, by its name or its first bytes."""
    if Path(name).suffix.lower() in SUFFIXES:
        return True
    try:
        with Image.open(BytesIO(head), formats=FORMATS):
            return True
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False


def check_size(image: Image.Image) -> None:
    """Refuses a picture that would fill the memory.

    Raises:
        DecompressionBombError: It has more than `MAX_PIXELS`.
    """
    if image.width * image.height > MAX_PIXELS:
        raise Image.DecompressionBombError(f"{image.width} x {image.height} pixels")


def to_rgb(image: Image.Image) -> Image.Image:
    """An image of any mode as 8-bit RGB."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _to_8_bits(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, WHITE), image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def reason(facts: ColumnFacts) -> Message | None:
    """Why a column is one of pictures, None when it is not."""
    return Message(code="kind_image") if facts.images is not None else None


def summary(pictures: Sequence[Picture]) -> ImageSummary:
    """Sizes and modes of a column's pictures, at least one."""
    return ImageSummary(
        min_width=min(picture.width for picture in pictures),
        max_width=max(picture.width for picture in pictures),
        min_height=min(picture.height for picture in pictures),
        max_height=max(picture.height for picture in pictures),
        modes=dict(Counter(picture.mode for picture in pictures).most_common()),
    )


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF data say; broken EXIF data say nothing."""
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Gray values of more than 8 bits, scaled by the range of their type and not clipped."""
    values = np.asarray(image, dtype=np.float64)
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(values.max(initial=0.0))
    if image.mode.startswith("I;16"):
        top = 65535.0
    elif image.mode == "F" and largest <= 1.0:
        top = 1.0
    else:
        top = next((limit for limit in (255.0, 65535.0) if largest <= limit), largest)
    return Image.fromarray(np.clip(np.round(values * (255.0 / top)), 0, 255).astype(np.uint8), mode="L")


def _name(source: Path | str | bytes | BinaryIO) -> str:
    return Path(source).name if isinstance(source, (str, Path)) else "picture"
