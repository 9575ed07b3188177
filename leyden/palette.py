"""The colours of Leyden, once: the interface's theme, the charts and the HTML report all take them from here.

Train and validation have one colour each, everywhere. Every text colour has
a contrast of at least 4.5 with the surfaces it stands on, every mark at least 3 (a test computes it).
"""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """The colours of one mode, as `#rrggbb`."""

    background: str
    surface: str
    """Cards, inputs, table heads: one step away from the background."""
    ink: str
    muted: str
    """Secondary text: captions, units, axis labels."""
    line: str
    """Borders, rules and grid lines."""
    primary: str
    """Fills of primary buttons and selected things; carries white text."""
    accent: str
    """Text and links in the primary hue."""
    train: str
    val: str
    test: str
    good: str
    warning: str
    bad: str
    sequence: tuple[str, ...]
    """Ten steps from least to most, for heat maps."""
    runs: tuple[str, ...]
    """What runs (and other unordered things) are told apart by."""

    def run_colour(self, number: int) -> str:
        """The colour of a run, by its number: the same on every page, and another one for the next runs."""
        return self.runs[(number - 1) % len(self.runs)]


LIGHT = Palette(
    background="#fcfcfb",
    surface="#f3f4f2",
    ink="#17202a",
    muted="#56616d",
    line="#dcdfdf",
    primary="#255fae",
    accent="#1f5aa8",
    train="#2f6fc4",
    val="#b8560b",
    test="#4b7a3f",
    good="#1d7340",
    warning="#8a5a00",
    bad="#b3261e",
    sequence=(
        "#f3f6fa", "#dde8f4", "#c3d7ed", "#a5c3e4", "#84acd9",
        "#6394cd", "#467cbd", "#2f66aa", "#1f5090", "#123a70",
    ),
    runs=(
        "#2f6fc4", "#b8560b", "#2b7f62", "#8a4fb5", "#b23a5a",
        "#4f6d7a", "#8b6914", "#1b7f95", "#5a5fc0", "#7a5c44",
    ),
)  # fmt: skip

DARK = Palette(
    background="#11161c",
    surface="#1a2129",
    ink="#e5e9ed",
    muted="#9ca8b4",
    line="#303a45",
    primary="#3370c4",
    accent="#83b4f5",
    train="#6ba6f2",
    val="#f0a04b",
    test="#93c47d",
    good="#6cc58b",
    warning="#e2b04a",
    bad="#f28b82",
    sequence=(
        "#18212c", "#1d2f45", "#223e60", "#284f7d", "#31629b",
        "#4077b7", "#588ecd", "#7aa8de", "#a2c4ec", "#d0e2f8",
    ),
    runs=(
        "#6ba6f2", "#f0a04b", "#5fc3a0", "#c39be6", "#ef8ba5",
        "#9db4c0", "#d9bd5f", "#5fc0d6", "#a0a5f5", "#c8a68b",
    ),
)  # fmt: skip

PALETTES: dict[Mode, Palette] = {"light": LIGHT, "dark": DARK}


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours after WCAG 2.2, from 1 (equal) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(ground: str) -> str:
    """Black or white, whichever is read better on a colour: its contrast is at least 4.5."""
    return max("#000000", "#ffffff", key=lambda text: contrast(text, ground))


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
