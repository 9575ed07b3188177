"""A small drawing beside a headline figure: its value, its interval, and what a blind answer would reach."""

from leyden.palette import Palette
from leyden.reports.model import Figure, Headline

WIDTH, HEIGHT, PAD = 240, 22, 5


def strip_svg(headline: Headline, palette: Palette | None = None) -> str:
    """The first figure of a headline on a line from the worst to the best value shown, as inline SVG.

    Args:
        headline: Its figures.
        palette: Colours to use; None leaves them to CSS variables `--ly-*` around the drawing.
    """
    if not headline.figures:
        return ""
    figure, blind = headline.figures[0], headline.blind
    low, high = _ends(figure, blind)
    colour = _colours(palette)

    def at(value: float) -> float:
        return round(PAD + (value - low) / (high - low) * (WIDTH - 2 * PAD), 1)

    middle = HEIGHT / 2
    marks = [f'<path d="M{PAD} {middle}H{WIDTH - PAD}" stroke="{colour["line"]}" stroke-width="2"/>']
    if figure.interval:
        start, end = at(figure.interval.low), at(figure.interval.high)
        width = max(end - start, 1)
        marks.append(
            f'<rect x="{start}" y="{middle - 4}" width="{width}" height="8" rx="4" fill="{colour["val"]}" '
            'opacity="0.35"/>'
        )
    if blind:
        x = at(blind.value)
        marks.append(f'<path d="M{x} {middle - 7}v14" stroke="{colour["muted"]}" stroke-width="2"/>')
    marks.append(f'<circle cx="{at(figure.value)}" cy="{middle}" r="5" fill="{colour["val"]}"/>')
    return (
        f'<svg class="ly-strip" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{figure.value:.4g}">{"".join(marks)}</svg>'
    )


def _ends(figure: Figure, blind: Figure | None) -> tuple[float, float]:
    """The range that shows everything; shares are shown from 0 to 1."""
    values = [figure.value, *([blind.value] if blind else [])]
    if figure.interval:
        values += [figure.interval.low, figure.interval.high]
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    low = min(low, 0.0)
    room = (high - low) * 0.05 or 1.0
    return low - (room if low < 0 else 0), high + room


def _colours(palette: Palette | None) -> dict[str, str]:
    names = ("line", "muted", "val")
    return {name: getattr(palette, name) if palette else f"var(--ly-{name})" for name in names}
