"""What can go wrong, as people are told it.

    LeydenError              carries a message code with parameters; str() is the sentence
    ├── DataError            a file, a column or a value is not what was expected
    ├── SpecError            the settings of a run do not fit the data or each other
    ├── RunError             a run (or another job) cannot start, go on, or be read
    └── StoreError           the workspace refused: unknown id, in use, superseded, not writable

The sentences stand in `leyden/messages/`; a code without a sentence fails a test.
"""

from leyden.messages.render import Message, Param


class LeydenError(Exception):
    """A failure with a reason a person can act on.

    Args:
        code: Key of the sentence in `leyden.messages`.
        params: Values for the sentence's placeholders.
    """

    def __init__(self, code: str, **params: Param) -> None:
        self.message = Message(code=code, params=params)
        super().__init__(self.message.text)


class DataError(LeydenError):
    """A file, a column or a value is not what was expected."""


class SpecError(LeydenError):
    """The settings of a run do not fit the data or each other."""


class RunError(LeydenError):
    """A run or another job cannot start, go on, or be read."""


class StoreError(LeydenError):
    """The workspace refused: unknown id, in use, superseded, not writable."""
