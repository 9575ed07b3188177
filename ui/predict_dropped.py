"""Pictures that are dropped and texts that are pasted: for models that read nothing else."""

import base64
from collections.abc import Sequence
from hashlib import sha256

import streamlit as st

from leyden.datasets.image import SUFFIXES, small_jpeg
from leyden.errors import DataError
from leyden.prediction.signature import Signature
from leyden.store.records import Run
from ui import layout, state
from ui.address import is_on, written
from ui.predict_answer import refused_text
from ui.predict_ask import ask, encoded, forget_answers, last_asked
from ui.predict_examples import example_here, has_examples, take_example
from ui.predict_http import note_rows
from ui.predict_inputs import MOST_PICTURE_MB
from ui.predict_typed import form_number, is_asked_by_link, keep_typed, typed_here
from ui.words import _, count

PER_PAGE = 24
"""Pictures that are answered and shown at once."""
PAGE = "pictures"
"""The parameter of the address with which of them are shown; other pictures start at the first."""
LINES = "lines"
"""The parameter of the address with whether each line of what was typed is a text of its own."""
SHOWN_SIDE = 480
"""Pixels of a picture beside its answer."""
MOST_SMALL = 240
"""Small pictures that are kept for whoever turns the pages; some 10 MB."""


def pictures(run: Run, signature: Signature) -> None:
    """Draws a place to drop pictures; each is answered as soon as it is there."""
    column = signature.columns[0].name
    types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
    dropped = st.file_uploader(
        _("Drop pictures here"),
        type=types,
        accept_multiple_files=True,
        max_upload_size=MOST_PICTURE_MB,
        key=f"predict.pictures.{run.id}.{state.recall(_cleared(run), 0)}",
        on_change=state.set_parameter,
        args=(PAGE, None),
    )
    if has_examples(run):
        st.button(
            _("Take an example picture"),
            icon=":material/shuffle:",
            key="predict.example",
            help=_("A validation picture: one that the model was not trained on."),
            on_click=_take_picture,
            args=(run,),
        )
    if dropped:
        state.set_parameter("row", None)
        first = PER_PAGE * layout.page_number(len(dropped), PER_PAGE, PAGE)
        shown = dropped[first : first + PER_PAGE]
        names = tuple(file.name for file in shown)
        _ask_pictures(run, column, names, [file.getvalue() for file in shown], [None] * len(shown))
    elif (example := example_here(run, signature)) is not None and example.values[column]:
        path = state.home().media_file(str(example.values[column]))
        if path.is_file():
            name = _("row {n}").format(n=example.row_id + 1)
            _ask_pictures(run, column, (name,), [path.read_bytes()], [example.truth])
    else:
        note_rows([{column: "…"}])
        forget_answers()


def texts(run: Run, signature: Signature) -> None:
    """Draws a place to paste texts, one or one per line."""
    column = signature.columns[0].name
    if has_examples(run):
        st.button(
            _("Take an example text"),
            icon=":material/shuffle:",
            key="predict.example",
            help=_("A validation row: one that the model was not trained on."),
            on_click=take_example,
            args=(run,),
        )
    example = example_here(run, signature)
    key = f"predict.{run.id}.{example.row_id if example else ''}.{form_number()}"
    own = str(example.values[column] or "") if example else ""
    with st.form(key, border=False):
        default = typed_here(run.id, signature.columns).get(column) or own
        typed = st.text_area(
            _("Text"), value=default, height=240, key=f"{key}.text", placeholder=_("Paste a text here")
        )
        times = state.recall(_parted(run), 0)
        label = _("Each line is a text of its own")
        # Ticked by what offers it below: only another box can have another default.
        by_line = st.checkbox(label, value=times > 0 or is_on(LINES), key=f"{key}.lines.{times}")
        is_sent = st.form_submit_button(_("Predict"), type="primary", icon=":material/bolt:")
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    given = lines if by_line else [typed]
    note_rows([{column: text} for text in given[:3]])
    if (
        not is_sent
        and not state.recall(_parted_now(run), False)
        and not is_asked_by_link(run.id, signature.columns)
    ):
        _offer_lines(run, column, typed, len(lines))
        return
    state.forget(_parted_now(run))
    kept = keep_typed(run.id, {column: typed}, {column: own}, signature.columns)
    if not typed.strip():
        forget_answers()
        layout.failure(_("There is no text yet; paste one, or take an example."))
        return
    truth = example.truth if example and given == [own] else None
    state.set_parameter(LINES, written(by_line, usual=False))
    ask(run.id, [{column: text} for text in given], about=given, truths=[truth] * len(given), typed=kept)
    _offer_lines(run, column, typed, len(lines))


def _offer_lines(run: Run, column: str, typed: str, num_lines: int) -> None:
    """Says that lines were answered as one text, where those trained on have one line each, and offers the other way.

    Not by itself: a message of two paragraphs is one text, and who pasted a list sees at once what to do.
    """
    asked = last_asked(run.id)
    if asked is None or asked.about != (typed,) or num_lines < 2 or _has_line_breaks(run, column):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        layout.quiet(_("{n} were read as one text.").format(n=count(num_lines, "line", "lines")))
        label = _("Answer each line")
        st.button(label, icon=":material/format_list_bulleted:", key="predict.parted", on_click=_part, args=(run,))


def _has_line_breaks(run: Run, column: str) -> bool:
    profile = state.profile(state.store().datasets.get(run.dataset_id))
    about = profile.column(column)
    # Of a document the profile may show a part of its first line alone.
    return profile.layout == "document_folder" or (
        about is not None and any("\n" in example.strip() for example in about.examples)
    )


def _part(run: Run) -> None:
    state.remember(_parted(run), state.recall(_parted(run), 0) + 1)
    state.remember(_parted_now(run), True)


def _parted(run: Run) -> str:
    """Where the session counts how often lines were asked to be answered each."""
    return f"predict.parted.{run.id}.{form_number()}"


def _parted_now(run: Run) -> str:
    return f"predict.parted-now.{run.id}"


def _take_picture(run: Run) -> None:
    take_example(run)
    state.set_parameter(PAGE, None)
    # What was dropped before makes way for the example. Only another uploader is an empty one: the browser keeps
    # the files of this one, whatever the session forgets.
    state.remember(_cleared(run), state.recall(_cleared(run), 0) + 1)


def _cleared(run: Run) -> str:
    """Where the session counts how often the dropped pictures made way."""
    return f"predict.cleared.{run.id}"


def _ask_pictures(
    run: Run, column: str, names: tuple[str, ...], contents: list[bytes], truths: Sequence[str | None]
) -> None:
    """Asks once for each set of pictures: the page runs again for many reasons."""
    note_rows([{column: "…"}])
    known = last_asked(run.id)
    # Not by names alone: every camera has its IMG_0001.
    digests = [sha256(content).hexdigest() for content in contents]
    asked = (*names, *digests)
    if known is not None and known.question == asked:
        return
    small = [_small(digest, content) for digest, content in zip(digests, contents, strict=True)]
    refused = tuple(name for name, picture in zip(names, small, strict=True) if picture is None)
    there = [index for index, picture in enumerate(small) if picture is not None]
    if not there:
        forget_answers()
        layout.failure(refused_text(refused))
        return
    ask(
        run.id,
        [{column: encoded(contents[index])} for index in there],
        about=[names[index] for index in there],
        pictures=[picture for picture in small if picture is not None],
        truths=[truths[index] for index in there],
        question=asked,
        refused=refused,
    )


@st.cache_data(max_entries=MOST_SMALL, show_spinner=False)
def _small(digest: str, _content: bytes) -> str | None:
    """The picture as a page shows it, in a `data:` address; None for what is no picture that can be read.

    Args:
        digest: SHA-256 of the picture, by which what was made of it is found again.
        _content: The picture. Streamlit leaves names with an underscore out of the key, and so keeps no whole picture.
    """
    try:
        small = small_jpeg(_content, SHOWN_SIDE)
    except DataError:
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"
