"""Asking the prediction service from a page, with what is being waited for on the screen."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import streamlit as st

from leyden.engine import service
from leyden.engine.service import MOST_ROWS
from leyden.errors import LeydenError, RunError
from leyden.messages.render import Message
from leyden.prediction.signature import Signature, read_signature
from ui import layout, state
from ui.words import _

ANSWERS = "predict.answers"
OF_QUESTION = ("row", "typed", "lines", "pictures")
"""The parameters of the address with what is asked of one model."""
REQUEST_BYTES = 24 * 10**6
"""More is asked in several requests, so that the service need not hold all of it at once."""

Row = dict[str, Any]


class Asked(NamedTuple):
    """What was asked of a model, and its answers in the same order; `warnings` name rows by `row`."""

    model: str
    about: tuple[str, ...]
    """A name of each row for people: a file's, a text."""
    pictures: tuple[str, ...]
    """A `data:` address of a small picture of each row; empty when there are none."""
    truths: tuple[str | None, ...]
    predictions: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    question: tuple[str, ...] = ()
    """What tells this question from others, where the page asks by itself; empty where a person presses Predict."""
    refused: tuple[str, ...] = ()
    """Names of what was brought with them and could not be read."""
    typed: str | None = None
    """Of a form: what a person typed, as JSON."""
    address: Mapping[str, str | None] = MappingProxyType({})
    """What the page's address said of the question beside it."""


def ask(
    model_id: str,
    rows: Sequence[Row],
    *,
    about: Sequence[str] = (),
    pictures: Sequence[str] = (),
    truths: Sequence[str | None] = (),
    question: tuple[str, ...] = (),
    refused: tuple[str, ...] = (),
    typed: str | None = None,
) -> None:
    """Has rows predicted and remembers the answers for this session; draws the failure instead if there is one."""
    forget_answers()
    predictions: list[dict[str, Any]] = []
    warnings: list[dict[str, Any]] = []
    try:
        for body in _bodies(rows):
            first = len(predictions)
            answer = _waiting(lambda told, body=body: service.predict(state.home(), model_id, body, told))
            predictions += answer["predictions"]
            warnings += [{**warning, "row": warning["row"] + first} for warning in answer["warnings"]]
    except LeydenError as error:
        layout.failure(error)
        return
    names = tuple(about) or ("",) * len(rows)
    known = tuple(truths) or (None,) * len(rows)
    address = {name: state.parameter(name) for name in ("row", "lines")}
    asked = Asked(
        model_id, names, tuple(pictures), known, predictions, warnings, question, refused, typed, address
    )
    state.remember(ANSWERS, asked)


def forget_answers() -> None:
    """Takes the last answers away: what they belong to is not on the page any more."""
    state.forget(ANSWERS)


def model_in_use() -> str | None:
    """The model that was asked last in this session; None when it is gone, or none was asked."""
    asked: Asked | None = state.recall(ANSWERS, None)
    return asked.model if asked is not None and state.store().models.find(asked.model) else None


def last_asked(model_id: str) -> Asked | None:
    """What was asked last in this session, if it was this model."""
    asked: Asked | None = state.recall(ANSWERS, None)
    return asked if asked is not None and asked.model == model_id else None


def signature_of(run_id: str) -> Signature:
    """A model's signature; for one from before there were any, the service writes it now.

    Raises:
        LeydenError: The model cannot be loaded.
    """
    signature = read_signature(state.home(), run_id)
    if signature is None:
        _waiting(lambda told: service.load(state.home(), run_id, told))
        signature = read_signature(state.home(), run_id)
    if signature is None:
        raise RunError("model_file_gone", model=run_id)
    return signature


def encoded(picture: bytes) -> str:
    """A picture as a request carries it."""
    return base64.b64encode(picture).decode()


def _bodies(rows: Sequence[Row]) -> Iterator[bytes]:
    """The rows in requests of a size that the service takes; a larger row goes alone."""
    part: list[str] = []
    part_bytes = 0
    for row in rows:
        # ASCII: as many bytes as characters.
        written = json.dumps(row)
        if part and (len(part) == MOST_ROWS or part_bytes + len(written) > REQUEST_BYTES):
            yield _body(part)
            part, part_bytes = [], 0
        part.append(written)
        part_bytes += len(written)
    yield _body(part)


def _body(written: Sequence[str]) -> bytes:
    return f'{{"rows": [{", ".join(written)}]}}'.encode()


def _waiting(work: Any) -> Any:
    """Does work that tells what it waits for. Any other click on the page breaks it off."""
    place = st.empty()
    place.html(f'<p class="ly-quiet">{_("Asking the model …")}</p>')

    def told(message: Message) -> None:
        with place.container():
            layout.progress(None, message.text)

    try:
        return work(told)
    finally:
        place.empty()
