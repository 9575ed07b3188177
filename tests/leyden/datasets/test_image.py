import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from leyden.datasets.image import inspect, looks_like_image, open_rgb, small_jpeg
from leyden.errors import DataError
from tests.leyden.datasets.pictures import picture


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixel(content: bytes, at: tuple[int, int] = (0, 0)) -> tuple[int, ...]:
    image = open_rgb(content)
    assert image.mode == "RGB"
    return image.getpixel(at)


def test_modes_become_rgb():
    assert pixel(picture(77, "L")) == (77, 77, 77)
    assert pixel(picture(1, "1")) == (255, 255, 255)
    assert pixel(picture((9, 8, 7))) == (9, 8, 7)
    assert pixel(picture((0, 0, 0, 0), "CMYK", "JPEG")) == (255, 255, 255)
    assert pixel(picture((0, 0, 0, 255), "CMYK", "TIFF")) == (0, 0, 0)


def test_transparency_lies_over_white():
    assert pixel(picture((200, 0, 0, 0), "RGBA")) == (255, 255, 255)
    assert pixel(picture((200, 0, 0, 255), "RGBA")) == (200, 0, 0)
    assert pixel(picture((0, 128), "LA")) == (127, 127, 127)


def test_palettes():
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 10, 20, 30])
    assert pixel(saved(image, "PNG")) == (10, 20, 30)
    assert pixel(saved(image, "PNG", transparency=1)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "value", "expected"), [("PNG", 65535, 255), ("PNG", 32896, 128), ("TIFF", 257, 1)]
)
def test_16_bits_are_scaled_and_not_clipped(kind: str, value: int, expected: int):
    image = Image.fromarray(np.full((4, 4), value, np.uint16))
    assert pixel(saved(image, kind)) == (expected,) * 3


def test_32_bits_and_floats():
    whole = Image.fromarray(np.array([[0, 65535]], np.int32))
    assert pixel(saved(whole, "TIFF"), (1, 0)) == (255, 255, 255)
    share = Image.fromarray(np.array([[0.0, 0.5, 1.0, np.nan]], np.float32))
    assert [pixel(saved(share, "TIFF"), (i, 0))[0] for i in range(4)] == [0, 128, 255, 0]


def test_exif_orientation_is_applied():
    image = Image.new("RGB", (8, 4))
    image.putpixel((0, 0), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = open_rgb(saved(image, "PNG", exif=exif))
    assert turned.size == (4, 8)
    assert turned.getpixel((3, 0)) == (255, 255, 255)


def test_a_small_copy_does_not_decode_all_of_a_jpeg():
    exif = Image.Exif()
    exif[0x0112] = 6
    large = saved(Image.new("RGB", (1600, 1200), "red"), "JPEG", exif=exif)
    assert open_rgb(large).size == (1200, 1600)
    assert open_rgb(large, side=256).size == (300, 400), "upright, and not below what is needed"
    with Image.open(io.BytesIO(small_jpeg(large, 256))) as small:
        assert small.size == (192, 256)
    with Image.open(io.BytesIO(small_jpeg(picture(size=(8, 8)), 256))) as small:
        assert small.size == (8, 8)


def test_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    assert pixel(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "AVIF"])
def test_formats(kind: str, tmp_path: Path):
    content = picture((250, 250, 250), kind=kind)
    assert min(pixel(content)) > 240
    path = tmp_path / "picture"
    path.write_bytes(content)
    assert inspect(path).width == 8
    assert looks_like_image("no suffix", content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a picture"),
        (b"hello", "not a picture"),
        (picture(size=(64, 64))[:90], "damaged"),
        (picture(kind="JPEG", size=(200, 200))[:-300], "damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes, sentence: str):
    with pytest.raises(DataError, match=sentence):
        open_rgb(content)


def test_an_absurdly_large_picture_is_refused(tmp_path: Path):
    path = tmp_path / "bomb.png"
    path.write_bytes(picture(0, "1", size=(10_000, 9_000)))
    with pytest.raises(DataError, match=r"bomb\.png' must have no more than 89,478,485 pixels"):
        inspect(path)
