"""The order in which classes are shown, and their outputs lie."""

from collections.abc import Iterable


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Class names by number where all are numbers ("2" before "10"), else by alphabet.

    Of two classes, the second is the positive one: "no" before "yes", "false" before "true", "0" before "1".
    """
    listed = list(names)
    try:
        return tuple(sorted(listed, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(sorted(listed))
