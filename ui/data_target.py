"""What could be predicted from a dataset, and how the values of a target are spread."""

from html import escape
from itertools import pairwise

import plotly.graph_objects as go
import streamlit as st

from leyden.catalogue import Catalogue, TaskCard
from leyden.datasets.profile import Column, Profile
from leyden.palette import PALETTES, Palette
from leyden.reports.axes import FONT
from ui import layout, state
from ui.format import number, percent, shorten
from ui.plain_chart import plain_chart
from ui.words import KINDS, _, count

MAX_CANDIDATES = 8
MAX_BARS = 15
BALANCED = 1.2
"""Up to this ratio of the largest to the smallest class nobody needs to be told which is which."""


def candidates(profile: Profile, catalogue: Catalogue) -> list[tuple[Column, TaskCard]]:
    """Columns that some task can predict with that task, the suggested one first, at most `MAX_CANDIDATES`."""
    found = []
    for column in profile.columns:
        task = next((card for card in catalogue.tasks.values() if column.kind in card.target_kinds), None)
        if task is not None and column.num_distinct > 1:
            found.append((column, task))
    found.sort(key=lambda pair: pair[0].name != profile.suggested_target)
    return found[:MAX_CANDIDATES]


def targets(dataset_id: str, profile: Profile, catalogue: Catalogue) -> str | None:
    """Draws what could be predicted, the choice among it, and how the chosen column is spread.

    Returns:
        The chosen column's name; None when nothing could be predicted.
    """
    found = candidates(profile, catalogue)
    if not found:
        layout.quiet(
            _("No column can be predicted: that takes a category or a number. Change a column's kind below.")
        )
        return None
    names = [column.name for column, _task in found]
    chosen = st.selectbox(_("Predict"), names, key=f"target-{dataset_id}", filter_mode=None)
    column, task = next(pair for pair in found if pair[0].name == chosen)
    st.html(f'<p class="ly-line">{escape(_sentence(column, task, profile))}</p>')
    figure = balance_figure(column, profile.num_rows, PALETTES[state.mode()])
    if figure is not None:
        alt = _("Distribution of {column}").format(column=column.name)
        plain_chart(figure, key=f"balance-{dataset_id}-{column.name}", alt=alt)
    return column.name


def _sentence(column: Column, task: TaskCard, profile: Profile) -> str:
    parts = [f"{task.title}: {task.summary}"]
    if column.kind == "category" and column.values:
        most = column.values[0]
        total = max(profile.num_rows - column.num_missing, 1)
        classes = count(column.num_distinct, "class", "classes")
        if len(column.values) == column.num_distinct and most.count <= BALANCED * column.values[-1].count:
            parts.append(_("{classes}, about equally frequent.").format(classes=classes))
        else:
            sentence = _("{classes}; the most frequent, {name}, has {share} of the rows.")
            share = percent(most.count / total)
            parts.append(sentence.format(classes=classes, name=shorten(most.value, 40), share=share))
    elif column.numbers:
        low, high = number(column.numbers.minimum), number(column.numbers.maximum)
        parts.append(
            _("From {low} to {high}, median {median}.").format(
                low=low, high=high, median=number(column.numbers.median)
            )
        )
    else:
        parts.append(KINDS[column.kind])
    return " ".join(parts)


def balance_figure(column: Column, num_rows: int, palette: Palette) -> go.Figure | None:
    """Rows per class, or a histogram of a number; None when nothing is known of the values."""
    if column.kind == "category" and column.values:
        return _class_figure(column, num_rows - column.num_missing, palette)
    if column.numbers is not None:
        return _number_figure(column, palette)
    return None


def _class_figure(column: Column, num_values: int, palette: Palette) -> go.Figure:
    shown = column.values[:MAX_BARS]
    names = [shorten(value.value, 28) for value in shown]
    counts = [value.count for value in shown]
    texts = [f"{n:,}" for n in counts]
    num_others = column.num_distinct - len(shown)
    if num_others > 0:
        # Their sum as a bar would set the scale, and leave stubs of the classes.
        names.append(_("and {n}").format(n=count(num_others, "other", "others")))
        texts.append(_("{rows} together").format(rows=f"{num_values - sum(counts):,}"))
        counts.append(0)
    figure = go.Figure(
        go.Bar(
            x=counts,
            y=list(range(len(names))),
            orientation="h",
            marker={"color": palette.train},
            text=texts,
            textposition="outside",
            textfont={"color": palette.muted},
            cliponaxis=False,
            customdata=names,
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )
    _style(figure, palette, height=36 + 24 * len(names))
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        autorange="reversed",
        automargin=True,
        ticklabelstandoff=6,
    )
    figure.update_xaxes(visible=False, range=[0, 1.12 * max(counts)])
    return figure


def _number_figure(column: Column, palette: Palette) -> go.Figure:
    assert column.numbers is not None
    edges, counts = column.numbers.histogram.edges, column.numbers.histogram.counts
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    ranges = [f"{number(low)} – {number(high)}" for low, high in pairwise(edges)]
    figure = go.Figure(
        go.Bar(
            x=middles,
            y=counts,
            width=[0.94 * (high - low) for low, high in pairwise(edges)],
            marker={"color": palette.train},
            customdata=ranges,
            hovertemplate="%{customdata}: %{y:,}<extra></extra>",
        )
    )
    _style(figure, palette, height=190)
    figure.update_yaxes(
        title={"text": _("rows"), "font": {"color": palette.muted}},
        gridcolor=palette.line,
        nticks=4,
        automargin=True,
    )
    return figure


def _style(figure: go.Figure, palette: Palette, *, height: int) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 6, "b": 24},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": palette.ink, "size": 12, "family": FONT},
        bargap=0.25,
        dragmode=False,
        hoverlabel={"bgcolor": palette.surface, "font": {"color": palette.ink}},
    )
    figure.update_xaxes(gridcolor=palette.line, zeroline=False, fixedrange=True)
    figure.update_yaxes(zeroline=False, fixedrange=True)
