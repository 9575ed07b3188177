"""What a file is that cannot be read here, so that people are told what they brought and what would do."""

from collections.abc import Collection
from pathlib import Path

from leyden.errors import DataError

ACCEPTED = (
    "CSV, TSV, TXT, Parquet, Excel or JSON Lines, or a zip or tar of class folders with images or texts, or of "
    "images and one table that names them"
)
# How files begin.
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
DOCUMENTS = {b"%PDF-": "PDF", b"{\\rtf": "RTF"}
PACKED_DOCUMENTS = {"word/document.xml": "Word", "ppt/presentation.xml": "PowerPoint"}
"""Files in the zip that a document is."""
DATA = {
    b"\x93NUMPY": "NumPy",
    b"\x89HDF": "HDF5",
    b"SQLite format 3\x00": "SQLite",
    b"ARROW1\x00\x00": "Arrow",
    b"Obj\x01": "Avro",
    b"\x80\x02": "pickle",
    b"\x80\x03": "pickle",
    b"\x80\x04": "pickle",
    b"\x80\x05": "pickle",
}
ARCHIVES = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "Zstandard"}
WEB = (b"<html", b"<!doc", b"<?xml")
NO_TEXT_SUFFIXES = {
    ".zip", ".tar", ".tgz", ".7z", ".rar", ".zst", ".parquet", ".pq", ".xlsx", ".xlsm", ".xlsb", ".ods", ".png", ".jpg",
    ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".pdf", ".docx", ".pptx", ".pkl", ".pickle", ".npy",
    ".npz", ".h5", ".hdf5", ".pth", ".ckpt", ".sqlite",
}  # fmt: skip
"""Endings of files that never are text. Programs do write text as .xls, and browsers unpack .gz without renaming."""


def refuse_foreign(name: str, head: bytes) -> None:
    """Refuses a file by how it begins.

    Args:
        name: What people call it.
        head: Its first bytes.

    Raises:
        DataError: They are those of a format that is not read here.
    """
    for starts, code in ((DOCUMENTS, "foreign_document"), (DATA, "foreign_data"), (ARCHIVES, "foreign_archive")):
        for start, what in starts.items():
            if head.startswith(start):
                raise DataError(code, name=name, format=what)


def refusal(name: str, head: bytes) -> DataError:
    """Why a file that is no text, and of no known format, is refused."""
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)
    if head.startswith(PICTURES) or is_bitmap or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return DataError("one_picture", name=name)
    return DataError("unknown_format", name=name, accepted=ACCEPTED)


def refuse_web(name: str, start: bytes) -> None:
    """Refuses a web page, or XML.

    Args:
        name: What people call the file.
        start: Its first bytes, without blanks before them.

    Raises:
        DataError: It is one.
    """
    if start[:5].lower() in WEB:
        raise DataError("web_page", name=name, accepted=ACCEPTED)


def refuse_document(name: str, files: Collection[str]) -> None:
    """Refuses a zip that is a document.

    Raises:
        DataError: Its files say that it is one.
    """
    for file, what in PACKED_DOCUMENTS.items():
        if file in files:
            raise DataError("foreign_document", name=name, format=what)


def refuse_misnamed(path: Path) -> None:
    """Refuses a text with the ending of something else: it was damaged, or is not what people think.

    Raises:
        DataError: Its ending is none of a text.
    """
    if path.suffix.lower() in NO_TEXT_SUFFIXES:
        raise DataError("misnamed_text", name=path.name, suffix=path.suffix, better=f"{path.stem}.csv")
