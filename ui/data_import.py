"""Forms that start an import: of a path on the server, and of a dataset's own source read in another way."""

from pathlib import Path
from typing import Any

import streamlit as st

from leyden.actions import import_path
from leyden.datasets.profile import ReadOptions
from leyden.errors import LeydenError
from leyden.store.records import Dataset
from ui import layout, state
from ui.data_jobs import await_import
from ui.words import _

DETECT = _("Detect")
ENCODINGS = ("utf-8", "utf-16", "gb18030", "latin-1")
DELIMITERS = {",": _("Comma  ,"), ";": _("Semicolon  ;"), "\t": _("Tab"), "|": _("Bar  |"), " ": _("Space")}
HEADERS = {True: _("The first row"), False: _("None")}
DECIMALS = {".": _("Point  1.5"), ",": _("Comma  1,5")}


def import_form() -> None:
    """Imports a file or folder that is already on the server."""
    with st.form("import-path", border=False):
        path = st.text_input(
            _("Path on the server"),
            placeholder="/data/birds.csv",
            help=_(
                "A file, or a folder of images: in class folders, or named by a table. It is copied into the workspace."
            ),
        )
        name = st.text_input(_("Name"), placeholder=_("After the file"))
        options = options_inputs("path", ReadOptions())
        submitted = st.form_submit_button(_("Import"), type="primary")
    if not submitted:
        return
    if not path.strip():
        layout.failure(_("Enter the path of a file or folder on the server."))
        return
    _start(Path(path.strip()), name=name.strip() or None, options=options)


def reread_form(dataset: Dataset, source: Path, used: ReadOptions) -> None:
    """Reads a dataset's source again with other options; that makes another dataset."""
    with st.form("reread", border=False):
        options = options_inputs("reread", used)
        submitted = st.form_submit_button(
            _("Read again"), help=_("Makes a new dataset; this one and its runs stay as they are.")
        )
    if submitted:
        _start(source, name=dataset.name, options=options, parent=dataset.id)


def options_inputs(key: str, used: ReadOptions) -> ReadOptions:
    """Inputs for how a file is read; what is left on "Detect" is found out.

    Args:
        key: Tells forms apart.
        used: What was detected before; shown, and not forced unless it is chosen.
    """
    columns = st.columns(4)
    encoding = _pick(columns[0], _("Encoding"), {name: name for name in ENCODINGS}, used.encoding, key)
    delimiter = _pick(columns[1], _("Delimiter"), DELIMITERS, used.delimiter, key)
    has_header = _pick(columns[2], _("Column names"), HEADERS, used.has_header, key)
    decimal = _pick(columns[3], _("Decimal sign"), DECIMALS, used.decimal, key)
    tokens = st.text_input(
        _("Words that mean: no value"),
        placeholder=_("Detected; or your own, such as NA, ?, -"),
        help=_("Words or signs with commas between them. An empty cell always means: no value."),
        key=f"{key}-missing",
    )
    missing = tuple(token.strip() for token in tokens.split(",") if token.strip()) or None
    return ReadOptions(
        encoding=encoding, delimiter=delimiter, has_header=has_header, decimal=decimal, missing_values=missing
    )


def _pick(column: Any, label: str, choices: dict[Any, str], used: Any, key: str) -> Any:
    found = choices.get(used, used)
    detect = DETECT if used is None else _("As detected: {found}").format(found=found)
    options = [None, *choices]
    return column.selectbox(
        label,
        options,
        format_func=lambda value: detect if value is None else choices[value],
        key=f"{key}-{label}",
    )


def _start(path: Path, *, name: str | None, options: ReadOptions, parent: str | None = None) -> None:
    """Starts what a form asks for, and draws the page anew; or says why it cannot be."""
    try:
        start_import(path, name=name, options=options, parent=parent)
    except LeydenError as error:
        layout.failure(error)
    else:
        st.rerun()


def start_import(
    path: Path, *, name: str | None, options: ReadOptions | None = None, parent: str | None = None
) -> None:
    """Starts an import for which this person waits; draws nothing.

    Raises:
        LeydenError: It cannot be.
    """
    await_import(import_path(state.home(), state.store(), path, name=name, options=options, parent=parent).id)
