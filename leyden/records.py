"""The base of every plain record that crosses a module, is stored, or is sent: frozen and strict."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """An immutable value object. Unknown fields are refused, so that a typo is an error and not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
