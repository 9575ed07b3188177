"""Small pictures and archives for the tests, some of them malicious."""

import io
import tarfile
import zipfile
from pathlib import Path

from PIL import Image


def picture(
    colour: int | tuple[int, ...] = (255, 0, 0), mode: str = "RGB", kind: str = "PNG", size=(8, 6)
) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, colour).save(buffer, kind)
    return buffer.getvalue()


def distinct(count: int) -> list[bytes]:
    """Pictures of which no two are equal."""
    return [picture((i % 256, i // 256, 7)) for i in range(count)]


def class_files(classes: str = "cat dog", per_class: int = 6) -> dict[str, bytes]:
    names = classes.split()
    pictures = distinct(len(names) * per_class)
    return {
        f"{name}/{i}.png": pictures[per_class * index + i]
        for index, name in enumerate(names)
        for i in range(per_class)
    }


def write_zip(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def write_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def write_tar_member(path: Path, name: str, kind: bytes, target: str = "") -> Path:
    """A tar with one good picture and one special member."""
    with tarfile.open(path, "w:gz") as archive:
        good = tarfile.TarInfo("cat/1.png")
        content = picture()
        good.size = len(content)
        archive.addfile(good, io.BytesIO(content))
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, target
        archive.addfile(member)
    return path


def write_raw_names(path: Path, files: dict[bytes, bytes]) -> Path:
    """A zip whose names are bytes of an undeclared encoding, as old programs write it."""
    with zipfile.ZipFile(path, "w") as archive:
        for index, content in enumerate(files.values()):
            archive.writestr(f"{index:04d}".ljust(len(list(files)[index]), "_"), content)
    raw = path.read_bytes()
    for index, name in enumerate(files):
        raw = raw.replace(f"{index:04d}".ljust(len(name), "_").encode(), name)
    path.write_bytes(raw)
    return path
