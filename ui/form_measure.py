"""The size of a network, counted by a job outside the server, and asked for again while the answer is awaited."""

import time
from html import escape
from typing import Any

import streamlit as st

from leyden import actions
from leyden.home import Home
from leyden.spec.model import Optimisation, Spec, Split
from leyden.store.records import Job
from leyden.store.store import Store
from ui import layout, state
from ui.format import number
from ui.live import live
from ui.words import _

ASK_EVERY_S = 0.5
RETRY_AFTER_S = 60
"""A failure is shown for so long; then its cause may have gone, and the network is counted again."""
MAX_LAYERS = 18


def measured_part(spec: Spec) -> Spec:
    """The spec with what does not change the network at its default: equal networks share a fingerprint."""
    unchanged = {"optimisation": Optimisation(), "split": Split(), "seed": 0}
    return spec.model_copy(update=unchanged)


def measurement(home: Home, store: Store, spec: Spec) -> Job:
    """The job that measures this spec's network: one that was asked for before, or a new one."""
    wanted = measured_part(spec)
    found = store.jobs.latest(kind="measure", subject=wanted.fingerprint)
    if found is not None and not _is_outdated(found):
        return found
    _drop_waiting(store)
    return actions.measure(home, store, wanted)


def _is_outdated(job: Job) -> bool:
    """Whether an answer is not one to keep: it was not awaited, or failed a while ago."""
    has_failed_before = job.state == "failed" and time.time() - (job.ended_at or 0.0) > RETRY_AFTER_S
    return job.state == "stopped" or has_failed_before


def network_panel(spec: Spec) -> None:
    """Draws the network's layers and parameters as soon as they are known, without holding up the page."""
    home, store = state.home(), state.store()
    job = measurement(home, store, spec)
    live(lambda: _panel(job.id), is_active=job.is_active, every_s=ASK_EVERY_S)


def _panel(job_id: int) -> bool:
    """Draws what is known; returns whether there is more to come."""
    job = state.store().jobs.follow(job_id)
    if job.is_active:
        layout.progress(None, _("Counting the network's parameters …"))
    elif job.state == "finished" and job.result:
        st.html(network_html(job.result))
    elif job.reason:
        layout.failure(job.reason)
    return job.is_active


def _drop_waiting(store: Store) -> None:
    """Settings change faster than networks are counted: what was asked for before is not wanted any more."""
    for job in store.jobs.list(states=("queued",), kinds=("measure",)):
        store.jobs.request_stop(job.id)


def network_html(result: dict[str, Any]) -> str:
    """The network from input to output: per layer its output's shape and its share of the parameters."""
    layers = result["layers"]
    largest = max((layer["num_parameters"] for layer in layers), default=0) or 1
    shown = layers if len(layers) <= MAX_LAYERS else [*layers[: MAX_LAYERS - 3], None, *layers[-2:]]
    boxes = [_layer_html(layer, largest) if layer else _gap_html(len(layers) - MAX_LAYERS + 1) for layer in shown]
    total, trainable = result["num_parameters"], result["num_trainable"]
    frozen = "" if trainable == total else _(", {n} of them trained").format(n=number(trainable))
    # Kept answers of earlier versions do not say so.
    about = _("about ") if result.get("is_estimate") else ""
    return (
        f'<p class="ly-parameters">{escape(about)}<b>{number(total)}</b> {escape(_("parameters"))}'
        f"{escape(frozen)}</p>"
        f'<ol class="ly-network">{_heads_html()}{"".join(boxes)}</ol>'
    )


def _heads_html() -> str:
    heads = (("ly-layer", _("Layer")), ("ly-shape", _("Gives")), ("ly-count", _("Parameters")))
    spans = "".join(f'<span class="{name}">{escape(head)}</span>' for name, head in heads)
    return f'<li class="ly-heads">{spans}<span></span></li>'


def _layer_html(layer: dict[str, Any], largest: int) -> str:
    share = layer["num_parameters"] / largest
    count = number(layer["num_parameters"]) if layer["num_parameters"] else ""
    return (
        f'<li><span class="ly-layer">{escape(str(layer["name"]))}</span>'
        f'<span class="ly-shape">{escape(_shape(layer["output"]))}</span>'
        f'<span class="ly-count">{count}</span>{layout.meter_html(share)}</li>'
    )


def _gap_html(num_layers: int) -> str:
    return f'<li class="ly-gap">{escape(_("… {n} more layers").format(n=num_layers))}</li>'


def _shape(output: Any) -> str:
    return " × ".join(str(side) for side in output) if isinstance(output, list | tuple) else str(output)
