"""How large a network will be, before anything is trained: built without memory, on torch's meta device."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import torch
from torch import nn

from leyden.datasets.profile import Profile
from leyden.datasets.read import read_frame
from leyden.home import Home
from leyden.machine import machine
from leyden.spec.model import Spec
from lightning_modules.data.kinds import kind_of
from lightning_modules.data.modality import OUTLINE_ROWS
from lightning_modules.data.preparation import Preparation
from lightning_modules.data.stored import Tensors
from lightning_modules.tasks.build import fit_task
from lightning_modules.training.network import Network, build_network, count_parameters

MAX_LAYERS = 16
"""Lines of the table of layers: a picture of the network, not its listing."""


def measure_spec(home: Home, spec: Spec, profile: Profile) -> dict[str, Any]:
    """Size and outline of the network that a spec describes.

    Categories and tokens count that the whole dataset has (tokens: its first rows); training rows may have a few
    less.

    Returns:
        `num_parameters`, `num_trainable`, `is_estimate` (whether the run's may differ), `device` (its title) and
        `layers`: `name`, `output` (shape of one row's values) and `num_parameters` of each.
    """

    def rows(columns: Sequence[str]) -> pd.DataFrame:
        return read_frame(home, spec.data.dataset, columns=columns, row_ids=range(OUTLINE_ROWS))

    preparation = Preparation.outline(profile, spec.data.inputs, spec.preparation, rows)
    target = read_frame(home, spec.data.dataset, columns=[spec.data.target])[spec.data.target]
    task = fit_task(spec.task, target.dropna())
    with torch.device("meta"):
        network = build_network(spec, preparation.inputs, task.num_outputs, is_restored=True)
        blank = {modality: part.blank(2) for modality, part in preparation.modalities.items()}
    return {
        "num_parameters": count_parameters(network),
        "num_trainable": count_parameters(network, trained_only=True),
        "is_estimate": any(kind_of(kind).SIZE_IS_LEARNT for kind in spec.data.inputs.values()),
        "layers": _layers(network.eval(), blank),
        "device": dict(machine(home).devices).get(spec.hardware.device, spec.hardware.device),
    }


def _layers(network: Network, blank: Tensors) -> list[dict[str, Any]]:
    parts = _parts(network)
    shapes: dict[str, str] = {}

    def noting(name: str) -> Any:
        def note(module: nn.Module, inputs: Any, output: Any) -> None:
            values = output[0] if isinstance(output, tuple) else output
            shapes[name] = " × ".join(str(size) for size in values.shape[1:])

        return note

    hooks = [module.register_forward_hook(noting(name)) for name, module in parts.items()]
    with torch.inference_mode():
        network(blank)
    for hook in hooks:
        hook.remove()
    return [_line(name, module, shapes[name]) for name, module in parts.items() if name in shapes]


def _line(name: str, module: nn.Module, shape: str) -> dict[str, Any]:
    return {
        "name": f"{name}: {type(module).__name__}",
        "output": shape,
        "num_parameters": count_parameters(module),
    }


def _parts(network: Network) -> dict[str, nn.Module]:
    """Modules with weights, opened level by level for as long as all fit into the table."""
    parts: dict[str, nn.Module] = {**network.encoders, "fusion": network.fusion, "head": network.head}
    parts = {name: part for name, part in parts.items() if count_parameters(part)}
    while True:
        opened = {name: part for outer, module in parts.items() for name, part in _open(outer, module).items()}
        if len(opened) > MAX_LAYERS or opened.keys() == parts.keys():
            return parts
        parts = opened


def _open(name: str, module: nn.Module) -> dict[str, nn.Module]:
    """What a module with weights consists of; itself where it has weights of its own, or nothing in it has."""
    children = {f"{name}.{child}": part for child, part in module.named_children() if count_parameters(part)}
    if not children or any(True for _ in module.parameters(recurse=False)):
        return {name: module}
    found: dict[str, nn.Module] = {}
    for child, part in children.items():
        # A list is no layer: nothing passes through it.
        found |= _open(child, part) if isinstance(part, nn.ModuleList | nn.ModuleDict) else {child: part}
    return found
