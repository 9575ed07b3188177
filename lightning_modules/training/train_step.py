"""What happens between a batch and new weights: precision, gradients, L1, clipping, the step, the schedule."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn

from leyden.errors import RunError
from leyden.spec.model import Optimisation
from lightning_modules.data.stored import Tensors
from lightning_modules.losses.build import Loss
from lightning_modules.optimisers.build import build_optimiser
from lightning_modules.schedules.build import build_schedule

DTYPES = {"bf16": torch.bfloat16, "16": torch.float16}


class TrainStep:
    """Trains a network, one micro-batch after another.

    Args:
        network: On its device; its parameters get new values.
        loss: Of logits against encoded targets.
        optimisation: The spec's.
        num_steps: Steps of the whole run, for the schedule.
        backward: Computes the gradients of a loss; told whether it ends its step.

    Raises:
        RunError: 16-bit floats were chosen for a CPU, which has no fast arithmetic for them.
    """

    def __init__(
        self,
        network: nn.Module,
        loss: Loss,
        optimisation: Optimisation,
        num_steps: int,
        backward: Callable[[Tensor, bool], object] = lambda loss, ends_step: loss.backward(),
    ) -> None:
        device = next(network.parameters()).device
        if optimisation.precision == "16" and device.type == "cpu":
            raise RunError("half_needs_gpu")
        self.network, self.loss, self.optimisation = network, loss, optimisation
        self._backward = backward
        self.optimiser = build_optimiser(optimisation, network.named_parameters())
        self.schedule = build_schedule(optimisation, self.optimiser, num_steps)
        # 16-bit gradients underflow unless they are scaled up; bf16 has float32's range.
        self.scaler = torch.amp.GradScaler(device.type, enabled=optimisation.precision == "16")
        self._device_type = device.type
        self._parameters = [parameter for group in self.optimiser.param_groups for parameter in group["params"]]
        # The penalty is for weights; biases and the scales of norms are vectors.
        self._sparse = [parameter for parameter in self._parameters if parameter.ndim > 1]

    def autocast(self) -> AbstractContextManager[Any]:
        """The arithmetic that the spec's precision asks for."""
        dtype = DTYPES.get(self.optimisation.precision)
        return torch.autocast(self._device_type, dtype=dtype, enabled=dtype is not None)

    def __call__(self, inputs: Tensors, target: Tensor, *, share: float, ends_step: bool) -> tuple[Tensor, Tensor]:
        """Adds a micro-batch's gradients, and moves the weights when it ends its step.

        Args:
            inputs: The batch, ready for the network.
            target: Encoded, (B,).
            share: Its rows, as a share of the step's.
            ends_step: Whether the step is complete with it.

        Returns:
            Its mean loss, without penalties, and its logits; both detached.
        """
        with self.autocast():
            logits = self.network(inputs)
        # Losses add up many small terms: always in 32 bits.
        logits = logits.float()
        loss = self.loss(logits, target)
        self._backward(self.scaler.scale(loss if share == 1 else loss * share), ends_step)
        if ends_step:
            self._move()
        return loss.detach(), logits.detach()

    def _move(self) -> None:
        optimisation = self.optimisation
        if optimisation.l1 or optimisation.clip_norm:
            self.scaler.unscale_(self.optimiser)
        if optimisation.l1:
            self._add_l1(optimisation.l1)
        if optimisation.clip_norm:
            torch.nn.utils.clip_grad_norm_(self._parameters, optimisation.clip_norm)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.optimiser.zero_grad(set_to_none=True)
        self.schedule.step()

    @torch.no_grad()
    def _add_l1(self, strength: float) -> None:
        """The gradient of strength * sum |w|, without building the sum."""
        for parameter in self._sparse:
            if parameter.grad is not None:
                parameter.grad.add_(parameter.sign(), alpha=strength)

    def state_dict(self) -> dict[str, Any]:
        """State of optimiser, schedule and scaler."""
        return {
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "scaler": self.scaler.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up a state; the schedule then follows this run's length, whatever the length was before."""
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.load_state_dict(state["schedule"])
        if state["scaler"] and self.scaler.is_enabled():
            self.scaler.load_state_dict(state["scaler"])
