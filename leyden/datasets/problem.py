"""How one problem is made, and in which order problems are told."""

from collections.abc import Mapping, Sequence
from typing import Literal

from leyden.datasets.profile import Problem
from leyden.messages.render import Message, Param

Severity = Literal["info", "warning", "error"]
ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}

MAX_EXAMPLES = 20
LONGEST_EXAMPLE = 200


def problem(
    code: str,
    severity: Severity,
    params: Mapping[str, Param] | None = None,
    *,
    column: str | None = None,
    examples: Sequence[str] = (),
    count: int | None = None,
) -> Problem:
    """A problem with its sentence.

    Args:
        params: Values for the sentence's placeholders.
        column: The column it is about, a placeholder as well.
        examples: Values or files it concerns; the first 20 are kept.
        count: Number of rows, files or values concerned, a placeholder as well; the sentence for exactly one
            has the code `<code>_one`.
    """
    values = dict(params or {})
    if count is not None:
        values["count"] = count
        code = f"{code}_one" if count == 1 else code
    if column is not None:
        values["column"] = column
    return Problem(
        message=Message(code=code, params=values),
        severity=severity,
        column=column,
        examples=tuple(example[:LONGEST_EXAMPLE] for example in examples[:MAX_EXAMPLES]),
    )


def worst_first(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems by severity, and within one by how much they concern."""

    def rank(found: Problem) -> tuple[int, int]:
        counts = [found.message.params.get(key) for key in ("count", "missing")]
        return ORDER[found.severity], -max((count for count in counts if isinstance(count, int)), default=0)

    return tuple(sorted(problems, key=rank))
