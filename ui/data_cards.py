"""All datasets as cards: what each looks like, how large and old it is, and how many runs learned from it."""

from functools import lru_cache
from html import escape

import streamlit as st

from leyden.datasets.profile import Profile
from leyden.errors import LeydenError
from leyden.store.records import Dataset
from ui import layout, state
from ui.data_bars import quotes_html, strip_html
from ui.format import ago_html, size
from ui.problems import problems_line
from ui.words import _, count

PER_PAGE = 24
NUM_THUMBNAILS = 6
NUM_LOOKED_AT = 60
"""Rows that are read to find them."""


def dataset_cards(datasets: list[Dataset], num_runs: dict[str, int]) -> None:
    """Draws one card per dataset."""
    with st.grid("auto", min_column_width=320, gap="small"):
        for dataset in datasets:
            with st.container(border=True, gap="xsmall", height="stretch", key=f"ly-dataset-{dataset.id}"):
                layout.link(dataset.name, "dataset", data=dataset.id)
                st.html(_body_html(dataset, num_runs.get(dataset.id, 0)))


def _body_html(dataset: Dataset, num_runs: int) -> str:
    try:
        profile = state.profile(dataset)
        return look_html(dataset, profile) + line_html(dataset, profile, num_runs)
    except LeydenError as error:
        # One dataset whose files are gone does not hide the others.
        return f'<p class="ly-line">{escape(str(error))}</p>'


def look_html(dataset: Dataset, profile: Profile) -> str:
    """A dataset at a glance: some of its pictures, or its columns' distributions and the beginning of a text."""
    pictures = _pictures(dataset.id, str(state.home().root), _image_column(profile), dataset.num_rows)
    if pictures:
        return thumbnails_html(pictures)
    text = next((column for column in profile.columns if column.kind == "text"), None)
    return strip_html(profile.columns) + (quotes_html(text, most=1) if text else "")


def line_html(dataset: Dataset, profile: Profile, num_runs: int) -> str:
    """Its size, age and use in one line, and its problems if it has any."""
    if dataset.layout == "image_folder":
        what = count(dataset.num_rows, "image", "images")
    elif dataset.layout == "document_folder":
        what = count(dataset.num_rows, "text", "texts")
    else:
        what = f"{count(dataset.num_rows, 'row', 'rows')} · {count(dataset.num_columns, 'column', 'columns')}"
    runs = count(num_runs, "run", "runs") if num_runs else _("no runs yet")
    parts = [
        f"<b>{escape(what)}</b>",
        escape(size(dataset.size_bytes)),
        escape(runs),
        ago_html(dataset.created_at),
    ]
    troubles = problems_line(profile.problems)
    warning = f'<p class="ly-line">▲ {escape(troubles)}</p>' if troubles else ""
    return f'<p class="ly-line">{" · ".join(parts)}</p>{warning}'


def thumbnails_html(hashes: tuple[str, ...]) -> str:
    """A row of small pictures by their hashes."""
    pictures = "".join(
        f'<img src="{state.url(f"api/thumbnails/{h}", size="64")}" alt="" loading="lazy">' for h in hashes
    )
    return f'<div class="ly-thumbs">{pictures}</div>'


def _image_column(profile: Profile) -> str | None:
    return next((column.name for column in profile.columns if column.kind == "image"), None)


@lru_cache(maxsize=256)
def _pictures(dataset_id: str, root: str, column: str | None, num_rows: int) -> tuple[str, ...]:
    # `root` only tells the entries apart.
    if column is None:
        return ()
    from leyden.datasets.read import read_frame

    # From all over the table: files come sorted by class, and the first ones are all of one.
    spread = range(0, num_rows, max(1, num_rows // NUM_LOOKED_AT))
    for row_ids in (spread, None):  # all rows only where pictures are rare
        pictures = read_frame(state.home(), dataset_id, [column], row_ids)[column].dropna()
        if len(pictures):
            break
    return tuple(pictures.iloc[:: max(1, len(pictures) // NUM_THUMBNAILS)][:NUM_THUMBNAILS])
