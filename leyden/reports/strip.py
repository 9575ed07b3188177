"""A small drawing beside a headline figure: its value, its interval, and what baselines and a blind answer reach.

Plain elements, placed in percent: pages let no SVG through. The style sheet is `assets/report.css`.
"""

from leyden.reports.model import Figure, Headline
from leyden.reports.numbers import figure_text
from leyden.reports.rivals import Rival


def strip_html(headline: Headline, rival: Rival | None = None) -> str:
    """The first figure of a headline on a line from the worst to the best value shown."""
    if not headline.figures:
        return ""
    figure, blind = headline.figures[0], headline.blind
    best = rival.figures[figure.name] if rival else None
    low, high = _ends(figure, blind, best)

    def at(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    marks = []
    if figure.interval:
        start, end = at(figure.interval.low), at(figure.interval.high)
        marks.append(f'<i class="ly-strip-interval" style="left:{start}%;width:{round(end - start, 2)}%"></i>')
    if blind:
        marks.append(f'<i class="ly-strip-blind" style="left:{at(blind.value)}%"></i>')
    if best is not None:
        marks.append(f'<i class="ly-strip-rival" style="left:{at(best)}%"></i>')
    marks.append(f'<i class="ly-strip-value" style="left:{at(figure.value)}%"></i>')
    ends = "".join(f"<span>{f'{end:.0f}' if end in (0, 1) else figure_text(end)}</span>" for end in (low, high))
    return f'<div class="ly-strip" aria-hidden="true"><div>{"".join(marks)}</div><p>{ends}</p></div>'


def _ends(figure: Figure, blind: Figure | None, best: float | None) -> tuple[float, float]:
    """The range that shows everything; shares are shown from 0 to 1."""
    values = [figure.value, *([blind.value] if blind else []), *([] if best is None else [best])]
    if figure.interval:
        values += [figure.interval.low, figure.interval.high]
    low, high = min(values), max(values)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    low = min(low, 0.0)
    if high <= 1:
        return low, 1.0  # As R2: one is best, and below zero is worse than blind.
    return low, high + (high - low) * 0.05
