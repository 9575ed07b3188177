"""What a draft means before it is trained: rows of each part, device, network, and the same as a command line."""

from html import escape

import streamlit as st

from leyden.catalogue import Catalogue
from leyden.datasets.profile import Profile
from leyden.spec.check import num_rows_by_part
from leyden.spec.model import Spec
from leyden.spec.steps import step_bounds
from leyden.store.store import Store
from ui import layout
from ui.form_command import command_of
from ui.form_measure import network_panel
from ui.format import number, percent
from ui.layout import Fact
from ui.words import _, with_processes

PARTS = {"train": _("Training"), "val": _("Validation"), "test": _("Test, sealed")}


def meaning(spec: Spec, profile: Profile, catalogue: Catalogue, store: Store, device: str) -> None:
    """Draws the right side of the New run page."""
    rows = num_rows_by_part(spec, profile)
    if spec.data.test_dataset is not None:
        rows["test"] = store.datasets.get(spec.data.test_dataset).num_rows
    st.html(split_html(rows))
    place = with_processes(device, spec.hardware.num_devices)
    num_steps = len(step_bounds(rows["train"], spec.optimisation)) - 1
    layout.facts([Fact(_("Device"), place), Fact(_("Steps per epoch"), number(num_steps))])
    layout.section(_("Network"))
    network_panel(spec)
    layout.section(_("As a command"), _("Trains the same from a terminal."))
    st.code(command_of(spec, profile, catalogue), language="bash", wrap_lines=False)


def split_html(rows: dict[str, int]) -> str:
    """The parts as one bar and their numbers of rows."""
    total = sum(rows.values()) or 1
    bars = "".join(
        f'<i class="ly-part-{part}" style="flex:{count}" title="{number(count)}"></i>'
        for part, count in rows.items()
        if count
    )
    legend = "".join(
        f'<div><dt><i class="ly-part-{part}"></i>{escape(PARTS[part])}</dt>'
        f"<dd>{number(count)} <span>{percent(count / total)}</span></dd></div>"
        for part, count in rows.items()
    )
    return f'<div class="ly-split">{bars}</div><dl class="ly-facts ly-parts">{legend}</dl>'
