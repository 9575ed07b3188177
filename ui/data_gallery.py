"""The pictures of a dataset, by class."""

from collections.abc import Hashable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from leyden.datasets.profile import Profile
from leyden.store.records import Dataset
from ui import layout, state
from ui.format import shorten
from ui.words import _

if TYPE_CHECKING:
    import pandas as pd

PER_PAGE = 48
LABEL = "label"
FILE = "file"


def gallery(dataset: Dataset, profile: Profile) -> None:
    """Draws a page of thumbnails, of one class or of all."""
    image = next(column.name for column in profile.columns if column.kind == "image")
    frame = _pictures(str(state.home().root), dataset.id, image, profile.column(LABEL) is not None)
    label = profile.column(LABEL)
    if label is not None and label.values:
        classes = [value.value for value in label.values]
        chosen = st.selectbox(
            _("Class"),
            [None, *classes],
            format_func=lambda name: _("All classes, mixed") if name is None else name,
            key=f"class-{dataset.id}",
        )
        # Mixed by a fixed draw: files come sorted by class, and the first page would show one class only.
        frame = (
            frame.sample(frac=1, random_state=0) if chosen is None else frame[frame[LABEL].astype(str) == chosen]
        )
    number = layout.page_number(len(frame), PER_PAGE, "pictures")
    shown = frame.iloc[number * PER_PAGE : (number + 1) * PER_PAGE]
    st.html(f'<div class="ly-gallery">{"".join(_figure_html(row) for row in shown.to_dict("records"))}</div>')


def _figure_html(row: dict[Hashable, Any]) -> str:
    file = str(row.get(FILE, ""))
    caption = str(row.get(LABEL) or file)
    address = state.url(f"api/thumbnails/{row['image']}", size="256")
    return (
        f'<figure title="{escape(file)}"><img src="{address}" alt="{escape(caption)}" loading="lazy">'
        f"<figcaption>{escape(shorten(caption, 40))}</figcaption></figure>"
    )


@lru_cache(maxsize=2)
def _pictures(root: str, dataset_id: str, image: str, has_label: bool) -> "pd.DataFrame":
    # `root` only tells the entries apart.
    from leyden.datasets.read import read_frame

    profile = state.inferred_profile(dataset_id)
    columns = [image, *(name for name in (LABEL, FILE) if profile.column(name) is not None)]
    return read_frame(state.home(), dataset_id, columns).rename(columns={image: "image"})
