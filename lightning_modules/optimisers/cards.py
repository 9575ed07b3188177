"""The table of optimisers. Learning rate and weight decay are the spec's own fields. Torch-free."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from leyden.catalogue import FactoryCard, Options

Share = Annotated[float, Field(ge=0, lt=1)]


class SGDOptions(Options):
    """Options of stochastic gradient descent."""

    momentum: Share = Field(
        0.9, title="Momentum", description="Share of the last step that the next one keeps; 0 is plain descent"
    )
    nesterov: bool = Field(
        False, title="Nesterov", description="Looks ahead along the momentum before taking the gradient"
    )

    @model_validator(mode="after")
    def _nesterov_needs_momentum(self) -> "SGDOptions":
        if self.nesterov and not self.momentum:
            raise PydanticCustomError("nesterov_without_momentum", "Nesterov needs momentum")
        return self


class AdamOptions(Options):
    """Options of Adam and AdamW."""

    beta1: Share = Field(0.9, title="Beta 1", description="Memory of the mean gradient")
    beta2: Share = Field(0.999, title="Beta 2", description="Memory of the squared gradient")
    eps: Annotated[float, Field(gt=0, le=1)] = Field(
        1e-8, title="Epsilon", description="Keeps the step finite where gradients vanish"
    )


class RMSpropOptions(Options):
    """Options of RMSprop."""

    alpha: Share = Field(0.99, title="Memory", description="Memory of the squared gradient")
    momentum: Share = Field(0.0, title="Momentum", description="Share of the last step that the next one keeps")
    eps: Annotated[float, Field(gt=0, le=1)] = Field(
        1e-8, title="Epsilon", description="Keeps the step finite where gradients vanish"
    )


CARDS = (
    FactoryCard(
        name="adamw",
        title="AdamW",
        summary="Adam with weight decay apart from the gradient: the safe choice.",
        options=AdamOptions,
        source="Loshchilov and Hutter, arXiv:1711.05101",
        factory="lightning_modules.optimisers.build:adamw",
    ),
    FactoryCard(
        name="adam",
        title="Adam",
        summary="A step size of its own for every weight; weight decay acts through the gradient.",
        options=AdamOptions,
        source="Kingma and Ba, arXiv:1412.6980",
        factory="lightning_modules.optimisers.build:adam",
    ),
    FactoryCard(
        name="sgd",
        title="SGD",
        summary="Plain gradient descent, with momentum; wants a larger learning rate (0.01 to 0.1).",
        options=SGDOptions,
        source="Robbins and Monro (1951); momentum: Sutskever, Martens, Dahl and Hinton (2013)",
        factory="lightning_modules.optimisers.build:sgd",
    ),
    FactoryCard(
        name="rmsprop",
        title="RMSprop",
        summary="Divides each step by the recent size of its gradient.",
        options=RMSpropOptions,
        source="Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012)",
        factory="lightning_modules.optimisers.build:rmsprop",
    ),
)
