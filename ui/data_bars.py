"""Small distributions as plain HTML: light enough for one beside each of hundreds of columns."""

from datetime import UTC, datetime
from html import escape

from leyden.datasets.profile import Column, Histogram, ImageSummary, LengthSummary, ValueCount
from ui.format import number, percent, shorten
from ui.words import _, count

SHOWN_VALUES = 4
MAX_STRIP_BARS = 14


def distribution_html(column: Column, num_rows: int) -> str:
    """What the values of a column look like: bars of values for names, a histogram for quantities."""
    if column.num_missing >= num_rows:
        return f'<p class="ly-nodist">{escape(_("It has no values."))}</p>'
    if column.images is not None:
        return _images_html(column.images)
    if column.kind in ("category", "ignored") and column.values and not _is_unique(column, num_rows):
        return values_html(column.values, num_rows - column.num_missing, column.num_distinct)
    for summary in (column.numbers, column.dates, column.lengths if column.kind == "text" else None):
        if summary is not None:
            return histogram_html(summary.histogram, *_ends(column))
    if column.values and not _is_unique(column, num_rows):
        return values_html(column.values, num_rows - column.num_missing, column.num_distinct)
    is_each = column.num_distinct >= num_rows - column.num_missing
    told = _("Every value is different.") if is_each else _("Nearly every value is different.")
    return f'<p class="ly-nodist">{escape(told)}</p>'


def pixels(images: ImageSummary) -> str:
    """Sizes of pictures, from the smallest to the largest: "48–64 × 40 px"."""
    width, height = (
        number(low) if low == high else f"{number(low)}–{number(high)}"
        for low, high in ((images.min_width, images.max_width), (images.min_height, images.max_height))
    )
    return f"{width} × {height} px"


def characters(lengths: LengthSummary) -> str:
    """Lengths of texts, from the shortest to the longest: "2–910"."""
    low, high = number(lengths.shortest), number(lengths.longest)
    return low if low == high else f"{low}–{high}"


def quotes_html(column: Column, most: int) -> str:
    """Beginnings of a few texts, one line each."""
    lines = (" ".join(example.split()) for example in column.examples[:most])
    return "".join(f'<p class="ly-line ly-one ly-quote">{escape(shorten(line, 120))}</p>' for line in lines)


def _images_html(images: ImageSummary) -> str:
    modes = ", ".join(f"{number(n)} {mode}" for mode, n in sorted(images.modes.items(), key=lambda item: -item[1]))
    note = _("As files: {modes}; all are read as RGB.").format(modes=modes)
    return f'<p class="ly-sizes">{escape(pixels(images))}</p><p class="ly-nodist">{escape(note)}</p>'


def histogram_html(histogram: Histogram, low: str = "", high: str = "") -> str:
    """A histogram with its two ends written below."""
    ends = f'<div class="ly-ends"><span>{escape(low)}</span><span>{escape(high)}</span></div>' if low else ""
    return f'<div class="ly-hist">{bars_html(histogram.counts)}{ends}</div>'


def bars_html(counts: tuple[int, ...]) -> str:
    """Bars of equal width that share the width of their box."""
    top = max(counts, default=0) or 1
    # A bar that is not empty is never invisible.
    heights = (max(100 * n / top, 3.0 if n else 0.0) for n in counts)
    bars = "".join(f'<i style="height:{height:.1f}%"></i>' for height in heights)
    return f'<div class="ly-bars">{bars}</div>'


def values_html(values: tuple[ValueCount, ...], num_values: int, num_distinct: int) -> str:
    """The most frequent values with their shares as bars, and how many others there are."""
    # A line that says "and 1 other" has room for that one.
    shown = values[: SHOWN_VALUES + (num_distinct == SHOWN_VALUES + 1)]
    top = max((value.count for value in shown), default=0) or 1
    rows = "".join(
        f'<li title="{escape(value.value)}: {value.count:,}"><span>{escape(shorten(value.value, 40))}</span>'
        f'<i style="width:{100 * value.count / top:.1f}%"></i>'
        f"<em>{percent(value.count / max(num_values, 1))}</em></li>"
        for value in shown
    )
    others = num_distinct - len(shown)
    rest = f"<p>{escape(_('and {n}').format(n=count(others, 'other', 'others')))}</p>" if others > 0 else ""
    return f'<div class="ly-values"><ul>{rows}</ul>{rest}</div>'


def strip_html(columns: tuple[Column, ...], shown: int = 8) -> str:
    """A dataset at a glance: one small histogram per column that is of use."""
    cells = []
    for column in [column for column in columns if column.kind != "ignored"][:shown]:
        picture = bars_html(merged(_counts(column), MAX_STRIP_BARS))
        cells.append(f'<span title="{escape(column.name)}">{picture}<small>{escape(column.name)}</small></span>')
    return f'<div class="ly-columns">{"".join(cells)}</div>'


def merged(counts: tuple[int, ...], max_bars: int) -> tuple[int, ...]:
    """The same counts in fewer bars of equal width, by adding up neighbours."""
    step = -(-len(counts) // max_bars) or 1
    return tuple(sum(counts[start : start + step]) for start in range(0, len(counts), step))


def _counts(column: Column) -> tuple[int, ...]:
    if column.kind == "category" and column.values:
        return tuple(value.count for value in column.values[:12])
    for summary in (column.numbers, column.dates, column.lengths):
        if summary is not None:
            return summary.histogram.counts
    return ()


def _ends(column: Column) -> tuple[str, str]:
    if column.numbers:
        return number(column.numbers.minimum), number(column.numbers.maximum)
    if column.dates:
        return _day(column.dates.earliest), _day(column.dates.latest)
    assert column.lengths is not None
    return number(column.lengths.shortest), count(column.lengths.longest, "character", "characters")


def _day(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).date().isoformat()
    except ValueError:
        return moment


def _is_unique(column: Column, num_rows: int) -> bool:
    return column.num_distinct > 20 and column.num_distinct >= 0.95 * (num_rows - column.num_missing)
