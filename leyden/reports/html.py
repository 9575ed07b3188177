"""A report as one HTML file that works offline, prints well, and follows the reader's light or dark theme.

Everything a person may have typed (names, classes, columns) is escaped, in the markup and in the figures' JSON.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from leyden.home import PROJECT, Home
from leyden.palette import DARK, LIGHT, Palette
from leyden.reports.axes import FONT
from leyden.reports.counts import FEW_ROWS
from leyden.reports.embedded import mistakes, outcomes_of, telling_slices, threshold_curves
from leyden.reports.exploring import slices_figure
from leyden.reports.figures import figure_of, help_of
from leyden.reports.model import Figure, Headline, Report, Section, Table
from leyden.reports.numbers import blind_text, cell_text, figure_text, interval_text, setting_text
from leyden.reports.outcomes import Outcomes
from leyden.reports.rivals import Rival, headline_rival, rival_text, with_rivals
from leyden.reports.slice_table import slices_table
from leyden.reports.slices import Slices
from leyden.reports.strip import strip_html
from leyden.reports.translated import translated
from leyden.spec.fields import flat
from leyden.spec.model import Spec
from leyden.store.records import Run
from leyden.words import _, count

HERE = Path(__file__).parent
STYLES = (HERE / "page.css", PROJECT / "assets" / "report.css", PROJECT / "assets" / "examples.css")
LONG_TEXT = 40
"""A longer cell is a sentence, and its column is given room."""
PART_NAMES = {"val": "Validation report", "test": "Test report"}


def render_html(report: Report, run: Run, rivals: Sequence[Rival] = (), home: Home | None = None) -> str:
    """The report of a run as a self-contained page.

    Args:
        report: The report.
        run: Its run.
        rivals: The baselines beside it.
        home: Where the run's predictions and rows lie, for examples; None leaves them out.
    """
    outcomes = outcomes_of(home, run, report) if home else None
    before, last = report.sections[:-1], with_rivals(report.sections, rivals)[len(report.sections) - 1 :]
    shown: list[Section] = [translated(section) for section in before]
    if outcomes is not None and (thresholds := threshold_curves(report, outcomes)):
        shown.append(thresholds)
    every = [*shown, *(translated(section) for section in last)]
    sections = [section_html(section, str(place), rivals) for place, section in enumerate(every)]
    figures = {str(place): figure for place, section in enumerate(every) if (figure := _figure(section))}
    if home and outcomes is not None:
        telling = telling_slices(home, run, report, outcomes)
        figures |= {f"by-{place}": _slices_figure(found) for place, (found, _column) in enumerate(telling or ())}
        of_groups = [] if telling is None else _slices_html(telling)
        sections[len(shown) : len(shown)] = [*of_groups, _mistakes_html(home, run, report, outcomes)]
    return _template().substitute(
        title=escape(f"{run.name} · {_(PART_NAMES[report.part])}"),
        styles=_styles(),
        name=escape(run.name),
        summary=escape(_summary(report)),
        facts=_facts(report, run),
        notes="".join(f'<p class="note">{escape(note.text)}</p>' for note in report.notes),
        sections="".join(sections),
        settings_title=escape(_("Settings")),
        settings=_settings(run.spec),
        spec_title=escape(_("As JSON")),
        spec=escape(run.spec.model_dump_json(indent=2)),
        plotly=get_plotlyjs().replace("</script", "<\\/script"),
        figures=_json(figures),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
    )


def section_html(section: Section, place: str, rivals: Sequence[Rival] = ()) -> str:
    """One section as HTML; pictures are an empty box that the page's script fills by its place."""
    if isinstance(section, Headline):
        return f"<section>{headline_html(section, rivals)}</section>"
    title = f"<h2>{escape(section.title)}</h2>"
    help_text = help_of(section)
    title += f'<p class="help">{escape(help_text)}</p>' if help_text else ""
    body = table_html(section) if isinstance(section, Table) else f'<div class="figure" id="figure-{place}"></div>'
    return f"<section>{title}{body}</section>"


def _slices_html(telling: Sequence[tuple[Slices, str]]) -> Iterator[str]:
    """The groups of each column: the first measure as a chart, all of them as a table."""
    about = _("Groups differ here by more than chance; hollow points stand for fewer than {n} rows.")
    for place, (found, column) in enumerate(telling):
        table = slices_table(found, column)
        help_text = "".join(
            f'<p class="help">{escape(line)}</p>' for line in (about.format(n=FEW_ROWS), table.help)
        )
        figure = f'<div class="figure" id="figure-by-{place}"></div>'
        yield f"<section><h2>{escape(table.title)}</h2>{help_text}{figure}{table_html(table)}</section>"
    if not telling:
        title = escape(_("By the values of a column"))
        text = escape(_("In no column do groups of rows differ by more than chance."))
        yield f'<section><h2>{title}</h2><p class="help">{text}</p></section>'


def _slices_figure(found: Slices) -> dict[str, Any]:
    return _themed(partial(slices_figure, found, found.measures[0]))


def _mistakes_html(home: Home, run: Run, report: Report, outcomes: Outcomes) -> str:
    """The worst mistakes, or nothing when there are none."""
    found = mistakes(home, run, report, outcomes)
    if found is None:
        return ""
    title = _("Most confident mistakes") if outcomes.classes is not None else _("Largest errors")
    return f"<section><h2>{escape(title)}</h2>{found if isinstance(found, str) else table_html(found)}</section>"


def headline_html(section: Headline, rivals: Sequence[Rival] = ()) -> str:
    """The first figure large with its interval, the best baseline's and the blind answer's; the others beside it."""
    if not section.figures:
        return ""
    first, *others = section.figures
    rival = headline_rival(section, rivals)
    parts = [
        '<div class="ly-headline"><div class="ly-first">',
        _figure_html(first),
        strip_html(section, rival),
        _line(rival_text(section, rival)) if rival else "",
        _line(blind_text(section)),
        "</div>",
    ]
    parts += [f'<div class="ly-other">{_figure_html(figure)}</div>' for figure in others]
    return "".join([*parts, "</div>"])


def _figure_html(figure: Figure) -> str:
    return (
        f'<p class="ly-label" title="{escape(figure.summary)}">{escape(figure.title)}</p>'
        f'<p class="ly-value">{figure_text(figure.value)}</p>'
        f'<p class="ly-interval">{escape(interval_text(figure))}</p>'
    )


def table_html(table: Table) -> str:
    """A table with numbers at the right, and room for sentences."""
    classes = [_class(table, place) for place in range(len(table.columns))]
    heads = "".join(f"<th{its}>{escape(name)}</th>" for its, name in zip(classes, table.columns, strict=True))
    rows = []
    for row in table.rows:
        cells = (f"<td{its}>{escape(cell_text(cell))}</td>" for its, cell in zip(classes, row, strict=True))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _class(table: Table, place: int) -> str:
    """What a column is styled by, if by anything."""
    cells = [row[place] for row in table.rows]
    if any(isinstance(cell, int | float) for cell in cells):
        return ' class="number"'
    is_long = any(isinstance(cell, str) and len(cell) > LONG_TEXT for cell in cells)
    return ' class="sentence"' if is_long else ""


def _line(text: str) -> str:
    return f'<p class="ly-blind">{escape(text)}</p>' if text else ""


def _figure(section: Section) -> dict[str, Any] | None:
    """A picture's JSON for both themes; None for a section that is not drawn as one."""
    if figure_of(section, LIGHT) is None:
        return None
    return _themed(lambda palette: figure_of(section, palette))


def _themed(draw: Callable[[Palette], go.Figure | None]) -> dict[str, Any]:
    """A picture's JSON in light colours, with the values that are others in the dark."""
    light, dark = draw(LIGHT), draw(DARK)
    assert light is not None and dark is not None, "what is drawn is drawn in both themes"
    plain = json.loads(light.to_json())
    return {
        "data": plain["data"],
        "layout": plain["layout"],
        "dark": dict(differences(plain, json.loads(dark.to_json()))),
    }


def differences(light: Any, dark: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Where two figures of equal shape differ: `data/0/line/color` and the second one's value."""
    if light == dark:
        return
    pairs: list[tuple[str | int, Any, Any]] = []
    if isinstance(light, dict):
        pairs = [(key, light[key], dark[key]) for key in light]
    elif isinstance(light, list):
        pairs = [(place, *pair) for place, pair in enumerate(zip(light, dark, strict=True))]
    if not pairs:
        yield path, dark
    for key, one, other in pairs:
        yield from differences(one, other, f"{path}/{key}" if path else str(key))


def _json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _summary(report: Report) -> str:
    text = _("{title} on {rows}, predicting {target}")
    rows = count(report.num_rows, "row", "rows")
    return text.format(title=_(PART_NAMES[report.part]), rows=rows, target=report.target)


def _facts(report: Report, run: Run) -> str:
    checkpoint = _("{name}, epoch {epoch}, step {step}")
    facts = {
        _("Dataset"): run.dataset_name,
        _("Target"): report.target,
        _("Task"): report.task,
        _("Architecture"): run.architecture,
        _("Parameters"): "–" if run.num_parameters is None else f"{run.num_parameters:,}",
        _("Checkpoint"): checkpoint.format(
            name=_(report.checkpoint), epoch=f"{report.epoch:,.4g}", step=f"{report.step:,}"
        ),
        _("Trained"): time.strftime("%Y-%m-%d %H:%M", time.localtime(run.job.started_at or run.created_at)),
        _("Run"): run.id,
    }
    cells = (f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return f"<dl>{''.join(cells)}</dl>"


def _settings(spec: Spec) -> str:
    """Every setting by its dotted name."""
    rows = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(setting_text(value))}</dd></div>"
        for name, value in flat(spec).items()
        if name != "version"
    )
    return f'<dl class="settings">{"".join(rows)}</dl>'


def _styles() -> str:
    """The style sheet with the palette's colours for both themes; paper is always light."""
    light, dark = _variables(LIGHT), _variables(DARK)
    themes = (
        f":root{{color-scheme:light dark;--font:{FONT};{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )
    return "".join([themes, *(file.read_text(encoding="utf-8") for file in STYLES)])


def _variables(palette: Palette) -> str:
    return "".join(f"--ly-{name}:{value};" for name, value in asdict(palette).items() if isinstance(value, str))


@cache
def _template() -> Template:
    return Template((HERE / "page.html").read_text(encoding="utf-8"))
