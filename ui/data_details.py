"""The rest of the dataset page: facts, sample rows, how the source was read, versions, renaming and deleting."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from pandas.api.types import is_datetime64_any_dtype

from leyden.actions import delete_dataset
from leyden.datasets.profile import PART, Profile, ReadOptions
from leyden.errors import LeydenError
from leyden.store.records import Dataset
from ui import layout, state
from ui.data_bars import characters, pixels
from ui.data_import import DECIMALS, DELIMITERS, HEADERS, reread_form
from ui.dialog import confirm
from ui.format import ago_html, exact, number, percent, plain, shorten, size
from ui.layout import Fact
from ui.words import _, count

NUM_SAMPLE_ROWS = 100
PART_NAMES = {"train": _("training"), "val": _("validation"), "test": _("test")}


def dataset_facts(dataset: Dataset, profile: Profile, num_runs: int) -> None:
    """The facts of a dataset in one row."""
    facts = [
        *(_folder_facts(profile) if profile.is_folder else _table_facts(profile)),
        Fact(_("Size"), size(dataset.size_bytes), _("On this server's disk")),
        Fact(_("Source"), shorten(profile.source_name, 48), size(profile.source_bytes)),
        Fact(_("Imported"), ago_html(dataset.created_at), html=True),
        Fact(_("Runs"), number(num_runs)),
    ]
    if profile.parts:
        parts = ", ".join(f"{number(n)} {PART_NAMES[part]}" for part, n in profile.parts.items())
        facts.append(Fact(_("Comes split"), parts, _("The data came with its own division into parts")))
    layout.facts(facts)


def _table_facts(profile: Profile) -> list[Fact]:
    num_cells = max(profile.num_rows * len(profile.columns), 1)
    missing = sum(column.num_missing for column in profile.columns) / num_cells
    share = percent(missing) if missing else _("nothing")
    return [
        Fact(_("Rows"), number(profile.num_rows)),
        Fact(_("Columns"), number(len(profile.columns))),
        Fact(_("Missing"), share, _("Share of all cells that have no value")),
    ]


def _folder_facts(profile: Profile) -> list[Fact]:
    facts = [Fact(_("Images") if profile.layout == "image_folder" else _("Texts"), number(profile.num_rows))]
    for column in profile.columns:
        if column.images is not None:
            facts.append(Fact(_("Width × height"), pixels(column.images), _("Smallest to largest")))
        elif column.kind == "text" and column.lengths is not None:
            facts.append(Fact(_("Characters"), characters(column.lengths), _("Shortest to longest")))
        elif column.name == profile.suggested_target:
            facts.append(Fact(_("Classes"), number(column.num_distinct)))
    return facts


def rows_table(dataset: Dataset, profile: Profile) -> None:
    """The first rows as they were read."""
    from leyden.datasets.read import sample_rows

    frame = sample_rows(state.home(), dataset.id, NUM_SAMPLE_ROWS).drop(columns=PART, errors="ignore")
    images = [column.name for column in profile.columns if column.kind == "image" and column.name in frame]
    for name in images:
        frame[name] = frame[name].map(
            lambda sha256: state.url(f"api/thumbnails/{sha256}", size="64"), na_action="ignore"
        )
    config: dict[str, Any] = {
        name: st.column_config.ImageColumn(plain(name), width="small") for name in images
    } | {name: st.column_config.DateColumn(plain(name)) for name in map(str, frame) if _are_days(frame[name])}
    st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        row_height=48 if images else None,
        height=420,
        placeholder="–",
    )
    if profile.num_rows > len(frame):
        layout.quiet(
            _("The first {n} of {all}.").format(n=number(len(frame)), all=count(profile.num_rows, "row", "rows"))
        )


def _are_days(values: pd.Series) -> bool:
    """Whether they are dates without a time of day."""
    moments = values.dropna()
    return is_datetime64_any_dtype(values.dtype) and bool((moments == moments.dt.normalize()).all())


def reading(dataset: Dataset, profile: Profile) -> None:
    """How the source was read, and the form to read it in another way."""
    used = profile.read
    layout.facts(reading_facts(used))
    source = state.home().dataset(dataset.id) / "source" / Path(profile.source_name).name
    if profile.layout == "table" and source.is_file():
        layout.section(_("Read it in another way"))
        reread_form(dataset, source, used)
    versions(dataset)


def reading_facts(used: ReadOptions) -> list[Fact]:
    """What was detected or chosen when the source was read."""
    facts = []
    if used.encoding:
        facts.append(Fact(_("Encoding"), used.encoding, _("How the file writes letters as bytes")))
    if used.delimiter:
        facts.append(Fact(_("Delimiter"), DELIMITERS.get(used.delimiter, repr(used.delimiter))))
    if used.has_header is not None:
        facts.append(Fact(_("Column names"), HEADERS[used.has_header]))
    if used.decimal:
        facts.append(Fact(_("Decimal sign"), DECIMALS[used.decimal]))
    if used.sheet:
        facts.append(Fact(_("Sheet"), used.sheet))
    if used.missing_values:
        facts.append(Fact(_("Means: no value"), ", ".join(token or _("(empty)") for token in used.missing_values)))
    return facts or [Fact(_("Read as"), _("images, each decoded once"))]


def versions(dataset: Dataset) -> None:
    """Links to the dataset this one was made from, and to those made from it."""
    everything = {one.id: one for one in state.store().datasets.list()}
    children = [one for one in everything.values() if one.parent_id == dataset.id]
    parent = everything.get(dataset.parent_id or "")
    if not parent and not children:
        return
    layout.section(_("Versions"))
    if parent:
        layout.link(_("Made from {name}").format(name=parent.name), "dataset", data=parent.id)
    for child in children:
        label = _("{name}, made from this one on {time}").format(name=child.name, time=exact(child.created_at))
        layout.link(label, "dataset", data=child.id)


def rename_form(dataset: Dataset) -> None:
    """Gives the dataset another name."""
    key = f"dataset.name.{dataset.id}"

    def rename() -> None:
        if given := state.widget_value(key, dataset.name).strip():
            try:
                state.store().datasets.rename(dataset.id, given)
            except LeydenError as error:
                state.flash_failure(error)

    with st.form("rename", border=False):
        st.text_input(_("Name"), value=dataset.name, max_chars=200, key=key)
        st.form_submit_button(_("Rename"), type="primary", on_click=rename)


def unreadable(dataset: Dataset, num_runs: int, error: LeydenError) -> None:
    """The page of a dataset whose files cannot be read: why, and what remains to be done with it."""
    actions = layout.header(dataset.name, back=(_("Data"), "data"))
    layout.failure(error)
    if actions.button(_("Delete"), key="delete-dataset"):
        ask_to_delete(dataset, num_runs)


def ask_to_delete(dataset: Dataset, num_runs: int) -> None:
    """Deletes the dataset once the person agrees; refused while runs use it."""

    def delete() -> None:
        freed = delete_dataset(state.home(), state.store(), dataset.id)
        state.flash(_("{name} deleted, {size} freed").format(name=plain(dataset.name), size=size(freed)))

    text = _("This removes {name} from the disk and frees about {size}. It cannot be undone.").format(
        name=dataset.name, size=size(dataset.size_bytes)
    )
    if num_runs:
        text = _("{runs} learned from {name}. Delete them first, then it can be deleted.").format(
            runs=count(num_runs, "run", "runs"), name=dataset.name
        )
    confirm(_("Delete this dataset?"), text, _("Delete"), None if num_runs else delete, then="data")
