"""The same rows' answers side by side: which examples the second run fixed, and which it broke."""

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from leyden.catalogue import Catalogue, MetricCard
from leyden.datasets.read import read_frame
from leyden.errors import DataError
from leyden.reports.answers import Answers, flips, most_telling_first, read_answers
from leyden.reports.comparison import share_rows
from leyden.reports.numbers import figure_text
from leyden.run_folder import predictions_file
from leyden.store.records import Run
from ui import layout, state
from ui.compare_pair import kinds_of_rows, pick_kind, pick_pair, told
from ui.compare_ranking import run_html
from ui.compare_runs import Compared, left_out
from ui.format import number, percent, shorten
from ui.words import _

PER_PAGE = 50
MAX_SHOWN_INPUTS = 3


def rows_view(compared: Compared, card: MetricCard | None, catalogue: Catalogue) -> None:
    """Draws two runs' answers, the rows first in which they differ most; the other runs' beside them."""
    runs = [run for run in compared.alike if _file(run).is_file() and run.id in compared.reports]
    without = [run for run in compared.alike if run not in runs]
    if len(runs) < 2:
        layout.quiet(_("Two runs with predictions of the same target are needed to lay them side by side."))
        left_out(compared, without)
        return
    if not share_rows(runs):
        runs = _largest_split(runs)
        layout.quiet(_("Only runs with one split predicted the same rows: {names}.").format(
            names=", ".join(compared.labels[run.id] for run in runs)))  # fmt: skip
    if len(runs) < 2:
        return
    task = catalogue.tasks[runs[0].task]
    answers = _answers(tuple((run.id, _file(run), _written(run)) for run in runs), "number" in task.target_kinds)
    first, second = pick_pair(runs, card, compared)
    others = [run for run in runs if run.id not in (first.id, second.id)]
    moved = flips(answers, first.id, second.id)
    masks = kinds_of_rows(moved, answers, first.id, second.id)
    shown = pick_kind(masks, answers.is_number)
    layout.quiet(told(moved, first, second, len(others), is_number=answers.is_number))
    left_out(compared, without)
    order = most_telling_first(answers, first.id, second.id)
    order = order[masks[shown][order]]
    if not len(order):
        alike = _("These two runs give the same answer for every row.")
        layout.quiet(alike if shown == "differ" else _("No row is of this kind."))
        return
    bottom = st.container()
    page = layout.page_number(len(order), PER_PAGE, parameter="rows")
    chosen = order[page * PER_PAGE : (page + 1) * PER_PAGE]
    bottom.html(_table_html(chosen, answers, [first, second, *others], compared))


def _file(run: Run) -> Path:
    return state.home().run(run.id) / predictions_file("val")


def _written(run: Run) -> float:
    return _file(run).stat().st_mtime


@lru_cache(maxsize=4)
def _answers(files: tuple[tuple[str, Path, float], ...], is_number: bool) -> Answers:
    # The times only tell predictions from those that they replaced.
    return read_answers({run_id: path for run_id, path, _time in files}, is_number=is_number)


def _largest_split(runs: list[Run]) -> list[Run]:
    splits: dict[str, list[Run]] = {}
    for run in runs:
        splits.setdefault(run.split_hash, []).append(run)
    return max(splits.values(), key=len)


def _table_html(chosen: NDArray, answers: Answers, runs: list[Run], compared: Compared) -> str:
    inputs = _inputs(runs[0], answers.row_ids[chosen])
    heads = [_("Row"), *([escape(_("What it is"))] if inputs else []), escape(runs[0].target)]
    head = "".join(f"<th scope=col>{text}</th>" for text in heads)
    head += "".join(f"<th scope=col>{run_html(run, compared)}</th>" for run in runs)
    rows = []
    for place in chosen:
        row_id = int(answers.row_ids[place])
        cells = "".join(_answer_html(answers, run.id, int(place)) for run in runs)
        what = f"<td>{inputs.get(row_id, '')}</td>" if inputs else ""
        rows.append(
            f"<tr><td class=ly-num>{row_id + 1:,}</td>{what}<td>{_shown(answers.truth[place])}</td>{cells}</tr>"
        )
    return (
        f'<div class="ly-scroll-x"><table class="ly-compare ly-answers" data-testid="answers"><thead><tr>{head}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _answer_html(answers: Answers, run_id: str, place: int) -> str:
    """An answer: right or wrong by sign and word first, colour second."""
    value, error = _shown(answers.predictions[run_id][place]), answers.errors[run_id][place]
    if answers.is_number:
        if not np.isfinite(error):
            return f'<td class="ly-num">{value}</td>'
        return f'<td class="ly-num">{value}<small>{escape(_("off by"))} {number(_short(error))}</small></td>'
    certainty = percent(float(answers.certainties[run_id][place]))
    is_right = error == 0
    sign, word = ("✓", _("right")) if is_right else ("✗", _("wrong"))
    kind = "ly-right" if is_right else "ly-wrong"
    return f'<td class="{kind}"><i title="{escape(word)}">{sign}</i> {value} <small>{certainty}</small></td>'


def _shown(value: object) -> str:
    if isinstance(value, float):
        return figure_text(value) if np.isfinite(value) else "–"
    return escape(shorten(str(value), 40))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _inputs(run: Run, row_ids: NDArray) -> dict[int, str]:
    """What each row shows of itself: its picture, or the first of its inputs."""
    kinds = dict(run.spec.data.inputs)
    pictures = [name for name, kind in kinds.items() if kind == "image"]
    texts = [name for name, kind in kinds.items() if kind == "text"]
    names = (pictures + texts + [name for name in kinds if name not in pictures + texts])[:MAX_SHOWN_INPUTS]
    try:
        frame = read_frame(state.home(), run.dataset_id, names, row_ids.tolist())
    except DataError:
        return {}
    return {int(row_id): _input_html(frame.loc[row_id], kinds) for row_id in frame.index}


def _input_html(row: pd.Series, kinds: Mapping[str, str]) -> str:
    parts = []
    for name, value in row.items():
        if pd.isna(value):
            continue
        if kinds[str(name)] == "image" and isinstance(value, str):
            source = state.url(f"api/thumbnails/{value}", size="64")
            parts.append(f'<img src="{escape(source)}" alt="" loading="lazy" width="44" height="44">')
        elif kinds[str(name)] == "text":
            parts.append(f"<span>{escape(shorten(str(value), 120))}</span>")
        else:
            shown = number(value) if isinstance(value, int | float) else shorten(str(value), 24)
            parts.append(f"<small>{escape(str(name))} {escape(shown)}</small>")
    return " ".join(parts)
