"""The pictures of a dataset, by class."""

from collections.abc import Hashable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from leyden.datasets.profile import FILE, Column, Profile
from leyden.store.records import Dataset
from ui import layout, state
from ui.format import plain, shorten
from ui.words import _

if TYPE_CHECKING:
    import pandas as pd

PER_PAGE = 48


def gallery(dataset: Dataset, profile: Profile) -> None:
    """Draws a page of thumbnails, of one class or of all."""
    image = next(column.name for column in profile.columns if column.kind == "image")
    label = _label(profile)
    frame = _pictures(str(state.home().root), dataset.id, image, label.name if label else None)
    if label is not None:
        classes = [value.value for value in label.values]
        chosen = st.selectbox(
            _("Class") if profile.layout == "image_folder" else plain(label.name),
            [None, *classes],
            format_func=lambda name: _("All classes, mixed") if name is None else name,
            key=f"class-{dataset.id}",
        )
        # Mixed by a fixed draw: files come sorted by class, and the first page would show one class only.
        frame = (
            frame.sample(frac=1, random_state=0) if chosen is None else frame[frame["label"].astype(str) == chosen]
        )
    number = layout.page_number(len(frame), PER_PAGE, "pictures")
    shown = frame.iloc[number * PER_PAGE : (number + 1) * PER_PAGE]
    st.html(f'<div class="ly-gallery">{"".join(_figure_html(row) for row in shown.to_dict("records"))}</div>')


def _figure_html(row: dict[Hashable, Any]) -> str:
    file = str(row.get("file", ""))
    caption = str(row.get("label") or file)
    address = state.url(f"api/thumbnails/{row['image']}", size="256")
    return (
        f'<figure title="{escape(file)}"><img src="{address}" alt="{escape(caption)}" loading="lazy">'
        f"<figcaption>{escape(shorten(caption, 40))}</figcaption></figure>"
    )


def _label(profile: Profile) -> Column | None:
    """The column that says what a picture shows: what is probably to be predicted, if it has classes."""
    target = profile.column(profile.suggested_target or "")
    return target if target is not None and target.kind == "category" and target.values else None


@lru_cache(maxsize=2)
def _pictures(root: str, dataset_id: str, image: str, label: str | None) -> "pd.DataFrame":
    """Columns `image`, `label` and `file`, where they are known, of the rows that have a picture."""
    # `root` only tells the entries apart.
    import pandas as pd

    from leyden.datasets.read import category_strings, read_frame

    is_folder = state.inferred_profile(dataset_id).layout == "image_folder"
    named = {"image": image, "label": label, "file": FILE if is_folder else None}
    read = read_frame(state.home(), dataset_id, [column for column in named.values() if column is not None])
    found = {name: read[column] for name, column in named.items() if column is not None}
    if "label" in found:
        found["label"] = category_strings(found["label"])
    return pd.DataFrame(found).dropna(subset=["image"])
