from dataclasses import replace
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from leyden.errors import DataError, RunError, SpecError
from leyden.spec import model
from leyden.spec.model import Images
from lightning_modules.data.augment import NUM_RANDOM, augment
from lightning_modules.data.pixel_cache import CachedImages
from lightning_modules.data.pixels import decode_column, to_pixels
from lightning_modules.data.preparation import Preparation
from tests.lightning_modules.workspace import add_pictures, picture

OFF = {"rotation": 0.0, "crop": 0.0, "colour": 0.0}
MIDDLE = torch.full((1, NUM_RANDOM), 0.5)


def encoded(image, kind="PNG", **options):
    buffer = BytesIO()
    image.save(buffer, format=kind, **options)
    return buffer.getvalue()


def prepare(pictures, **options):
    frame = pd.DataFrame({"image": pictures})
    options = model.Preparation(images=Images(**{"size": 16, **OFF, **options}))
    return Preparation.fit(frame, {"image": "image"}, options), frame


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "LA", "1", "CMYK", "I;16", "F", "YCbCr"])
def test_pictures_of_every_mode(mode):
    image = Image.fromarray(np.full((30, 20), 200, dtype=np.uint16)) if mode == "I;16" else picture(0, (20, 30))
    image = image if mode == "I;16" else image.convert(mode)
    pixels = to_pixels(image, 16)
    assert pixels.shape == (3, 16, 16) and pixels.dtype == np.uint8


def test_paths_bytes_and_pil_images_are_equal(tmp_path):
    image = picture(1)
    path = tmp_path / "ein Bild 图.png"
    path.write_bytes(encoded(image))
    sources = [path, str(path), encoded(image), image]
    pixels = decode_column(pd.Series(sources), 16).tensor
    assert all(torch.equal(pixels[0], other) for other in pixels[1:])
    assert pixels[0].float().std() > 10


def test_the_whole_picture_is_seen_and_upright():
    wide = Image.new("RGB", (100, 20), "black")
    wide.paste((255, 255, 255), (90, 0, 100, 20))
    pixels = to_pixels(wide, 20)
    assert pixels[:, :, -1].min() > 200 and pixels[:, :, 0].max() < 50
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    turned = to_pixels(encoded(wide, "JPEG", exif=exif, quality=95), 20)
    assert turned[:, -1].min() > 150 and turned[:, 0].max() < 80


def test_what_is_no_picture_is_named():
    with pytest.raises(DataError):
        to_pixels(b"no picture", 16)
    with pytest.raises(DataError, match=r"must be a path.*found: float"):
        decode_column(pd.Series([1.5]), 16)


@pytest.mark.parametrize("normalisation", ["imagenet", "dataset"])
def test_a_missing_picture_is_a_plain_one_of_the_mean_colour(normalisation):
    whole, _ = prepare([picture(1), picture(2)], normalisation=normalisation)
    preparation, frame = prepare([picture(1), None, picture(2)], normalisation=normalisation)
    fitted, of_whole = preparation.modalities["image"], whole.modalities["image"]
    assert fitted == replace(of_whole, has_gaps=True) != of_whole, "what is not there decides no colour"
    stored = {name: value.tensor for name, value in preparation.transform(frame)["image"].items()}
    shown = preparation.finish({"image": stored})["image"]["pixels"]
    assert not shown[1].any() and shown[0].any() and shown[2].any()
    assert set(preparation.transform(frame.iloc[[0, 2]])["image"]) == {"pixels"}


@pytest.mark.parametrize("normalisation", ["imagenet", "half", "dataset"])
def test_normalisation(normalisation):
    preparation, frame = prepare([picture(i) for i in range(6)], normalisation=normalisation)
    stored = preparation.transform(frame)["image"]["pixels"]
    finished = preparation.finish({"image": {"pixels": stored.tensor}})["image"]["pixels"]
    assert finished.dtype == torch.float32 and finished.shape == (6, 3, 16, 16)
    if normalisation == "dataset":
        torch.testing.assert_close(finished.mean(dim=(0, 2, 3)), torch.zeros(3), atol=1e-4, rtol=0)
        torch.testing.assert_close(finished.std(dim=(0, 2, 3)), torch.ones(3), atol=1e-2, rtol=0)
    again = Preparation.from_plain(preparation.to_plain())
    assert torch.equal(again.finish({"image": {"pixels": stored.tensor}})["image"]["pixels"], finished)


def test_training_changes_pictures_and_prediction_does_not():
    preparation, frame = prepare([picture(0)], rotation=30)
    pixels = {"image": {"pixels": preparation.transform(frame)["image"]["pixels"].tensor}}
    random = torch.rand(1, preparation.num_random, generator=torch.Generator().manual_seed(0))
    plain, changed = (preparation.finish(pixels, given)["image"]["pixels"] for given in (None, random))
    assert not torch.equal(plain, changed)
    assert torch.equal(changed, preparation.finish(pixels, random)["image"]["pixels"])
    assert pixels["image"]["pixels"].dtype == torch.uint8


def test_nothing_changes_where_augmentation_is_off():
    preparation, _ = prepare([picture(0)])
    assert preparation.num_random == 0


@pytest.mark.parametrize("options", [{"rotation": 20}, {"crop": 0.3}, {"colour": 0.5}])
def test_the_middle_of_every_range_is_no_change(options):
    pixels = torch.rand(1, 3, 16, 16)
    options = Images(**{**OFF, **options})
    torch.testing.assert_close(augment(pixels, MIDDLE, options), pixels, atol=1e-4, rtol=0)


@pytest.mark.parametrize(("option", "dimension", "place"), [("horizontal_flip", 3, 0), ("vertical_flip", 2, 1)])
def test_flips_mirror(option, dimension, place):
    pixels, options = torch.rand(1, 3, 16, 16), Images(**{**OFF, option: True})
    random = MIDDLE.clone()
    random[0, place] = 0.1
    torch.testing.assert_close(augment(pixels, random, options), pixels.flip(dimension), atol=1e-4, rtol=0)
    torch.testing.assert_close(augment(pixels, MIDDLE, options), pixels, atol=1e-4, rtol=0)


def test_a_right_angle_turns_the_picture():
    pixels, options = torch.rand(1, 3, 16, 16), Images(**{**OFF, "rotation": 90.0})
    random = MIDDLE.clone()
    random[0, 2] = 1.0
    turned = augment(pixels, random, options)
    either = [pixels.rot90(turns, dims=(2, 3)) for turns in (1, -1)]
    assert min(float((turned - one).abs().max()) for one in either) < 1e-3


def test_colours_stay_colours():
    random = torch.rand(50, NUM_RANDOM)
    changed = augment(torch.rand(50, 3, 8, 8), random, Images(**{**OFF, "colour": 1.0}))
    assert changed.min() >= 0 and changed.max() <= 1


def test_two_image_columns_are_refused():
    frame = pd.DataFrame({"a": [picture(0)], "b": [picture(1)]})
    with pytest.raises(SpecError, match="chosen were: a, b"):
        Preparation.fit(frame, {"a": "image", "b": "image"}, model.Preparation())


def test_the_cache_decodes_each_row_once(home, store, monkeypatch):
    frame = add_pictures(home, store, 12)
    decoded, shares = [], []
    from lightning_modules.data import pixel_cache

    decode = pixel_cache.decode

    def noting(sources, size):
        decoded.extend(sources)
        return decode(sources, size)

    monkeypatch.setattr(pixel_cache, "decode", noting)
    images = CachedImages(home, "d1", shares.append)
    some = images(frame["image"].iloc[[3, 1, 7]], 16)
    assert len(decoded) == 3 and shares[-1] == 1.0
    images(frame["image"].iloc[[7, 3]], 16)
    assert len(decoded) == 3
    everything = images(frame["image"], 16)
    assert len(decoded) == 12
    direct = decode_column(frame["image"].map(home.media_file), 16).tensor
    assert torch.equal(everything.take(torch.arange(12)), direct)
    assert torch.equal(some.take(torch.arange(3)), direct[[3, 1, 7]])


def test_waiting_for_another_run_can_be_broken_off_and_never_ends_in_black_pictures(home, store, monkeypatch):
    from leyden.locks import FileLock
    from lightning_modules.data import pixel_cache

    monkeypatch.setattr(pixel_cache, "LOOK_EVERY_S", 0.0)
    frame = add_pictures(home, store, 4)
    CachedImages(home, "d1")(frame["image"].iloc[:1], 16)
    lock = FileLock(next((home.cache / "pixels" / "d1").glob("*.lock")))
    looks = []

    class BrokenOff(Exception):
        pass

    def break_off(share):
        looks.append(share)
        if len(looks) == 3:
            raise BrokenOff

    assert lock.acquire()
    with lock:
        with pytest.raises(BrokenOff):
            CachedImages(home, "d1", break_off)(frame["image"], 16)
        monkeypatch.setattr(pixel_cache, "LOCK_TIMEOUT_S", 0.0)
        with pytest.raises(RunError, match="Another run"):
            CachedImages(home, "d1")(frame["image"], 16)
    assert looks == [0.0, 0.0, 0.0]
    pictures = CachedImages(home, "d1")(frame["image"], 16)
    assert pictures.take(torch.arange(4)).float().std() > 10


def test_a_cache_that_was_broken_off_goes_on(home, store, monkeypatch):
    from lightning_modules.data import pixel_cache

    frame = add_pictures(home, store, 12)
    monkeypatch.setattr(pixel_cache, "FLUSH_EVERY", 5)

    class BrokenOff(Exception):
        pass

    def break_off(share):
        raise BrokenOff

    with pytest.raises(BrokenOff):
        CachedImages(home, "d1", break_off)(frame["image"], 16)
    shares = []
    whole = CachedImages(home, "d1", shares.append)(frame["image"], 16)
    assert len(shares) == 2  # the seven that were missing
    direct = decode_column(frame["image"].map(home.media_file), 16).tensor
    assert torch.equal(whole.take(torch.arange(12)), direct)
