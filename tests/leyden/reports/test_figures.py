import json
from typing import get_args

import numpy as np
import pytest

from leyden.palette import DARK, LIGHT, contrast, readable
from leyden.reports.axes import colour_at
from leyden.reports.counts import FEW_ROWS
from leyden.reports.figures import MAX_LABEL, MAX_NAMED_LINES, figure_of, help_of
from leyden.reports.html import differences
from leyden.reports.model import Confusion, Section
from leyden.reports.picks import Pick
from tests.leyden.reports.examples import NASTY, SECTIONS, confusion, curves

PICTURES = ("confusion", "curves", "calibration", "scatter", "bars")


def test_every_section_type_is_tried_here():
    types = {model.model_fields["type"].default for model in get_args(get_args(Section)[0])}
    assert types == set(SECTIONS)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", SECTIONS)
def test_pictures_are_drawn_and_the_rest_is_not(name, palette):
    figure = figure_of(SECTIONS[name], palette)
    assert (figure is not None) == (name in PICTURES)
    if figure is not None:
        assert len(figure.data) > 0
        assert palette.muted in figure.to_json()
        assert figure.layout.xaxis.title.text and figure.layout.yaxis.title.text


@pytest.mark.parametrize("name", PICTURES)
def test_themes_differ_in_colours_alone(name):
    light, dark = (json.loads(figure_of(SECTIONS[name], palette).to_json()) for palette in (LIGHT, DARK))
    found = dict(differences(light, dark))
    assert found
    assert all("color" in path.lower() for path in found)


@pytest.mark.parametrize("name", PICTURES)
def test_what_looks_like_a_tag_is_text(name):
    assert "<script" not in figure_of(SECTIONS[name], LIGHT).to_json()


def test_confusion_says_counts_and_shares():
    figure = figure_of(confusion(("a", "b")), LIGHT)
    counts = confusion(("a", "b")).counts
    heatmap, written, cells = figure.data
    assert list(written.text) == [str(count) for row in counts for count in row]
    assert sum(heatmap.z[0]) == pytest.approx(1)
    assert f"{counts[0][1]} of {sum(counts[0])}" in cells.hovertext[1]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_count_can_be_read_on_its_cell(palette):
    section = Confusion(title="", classes=("a", "b"), counts=((62, 38), (45, 55)))
    written = figure_of(section, palette).data[1]
    grounds = [colour_at(palette.sequence, share) for share in (0.62, 0.38, 0.45, 0.55)]
    assert all(contrast(*pair) >= 4.5 for pair in zip(written.textfont.color, grounds, strict=True))
    for share in np.linspace(0, 1, 101).tolist():
        ground = colour_at(palette.sequence, share)
        assert contrast(readable(ground), ground) >= 4.5
    assert (colour_at(palette.sequence, 0), colour_at(palette.sequence, 1)) == (
        palette.sequence[0],
        palette.sequence[-1],
    )


def test_every_cell_can_be_clicked_and_the_picked_one_is_framed():
    figure = figure_of(confusion(("a", "b")), LIGHT, Pick("cell", (1, 0)))
    cells = figure.data[-1]
    assert list(cells.customdata) == ["cell:0,0", "cell:0,1", "cell:1,0", "cell:1,1"]
    assert (cells.x[2], cells.y[2]) == (0, 1)
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, 0.5, 1.5)
    assert not figure_of(confusion(("a", "b")), LIGHT).layout.shapes


def test_points_and_bars_say_which_rows_they_stand_for():
    assert list(figure_of(SECTIONS["calibration"], LIGHT).data[0].customdata) == ["sure:0.4,0.5", "sure:0.9,1"]
    assert list(figure_of(SECTIONS["scatter"], LIGHT).data[0].customdata) == ["row:7", "row:8", "row:9"]
    errors = SECTIONS["bars"].model_copy(update={"picks_errors": True})
    assert list(figure_of(errors, LIGHT).data[0].customdata) == ["error:0,1", "error:1,3"]
    assert figure_of(SECTIONS["bars"], LIGHT).data[0].customdata is None


def test_calibration_shows_how_little_few_rows_prove():
    points = figure_of(SECTIONS["calibration"], LIGHT).data[0]
    few, many = points.marker.color
    assert few == LIGHT.background and many == LIGHT.val, "4 rows are hollow, 40 are not"
    # statsmodels.stats.proportion.proportion_confint(40, 40, method="wilson") is (0.9124, 1.0).
    assert points.error_y.arrayminus[1] == pytest.approx(0.0876, abs=1e-4) and points.error_y.array[1] == 0
    assert points.error_y.arrayminus[0] > points.error_y.arrayminus[1]


def test_what_is_drawn_is_explained_as_it_is_drawn_whatever_an_old_report_says():
    old = SECTIONS["calibration"].model_copy(update={"help": "larger points stand for more rows"})
    assert f"fewer than {FEW_ROWS} rows" in help_of(old) and "larger" not in help_of(old)
    assert help_of(curves(1)) == "Up is good" and help_of(SECTIONS["bars"]) == ""


def test_a_line_with_picks_has_points_that_can_be_clicked():
    section = curves(1)
    line = section.lines[0].model_copy(update={"picks": ("near:1,1", "near:1,0.5", "near:1,0")})
    trace = figure_of(section.model_copy(update={"lines": (line,)}), LIGHT).data[0]
    assert trace.mode == "lines+markers" and list(trace.customdata) == list(line.picks)
    assert figure_of(section, LIGHT).data[0].mode == "lines"


def test_classes_without_rows_have_no_share():
    section = confusion(("a", "b")).model_copy(update={"counts": ((0, 0), (1, 2))})
    assert list(figure_of(section, LIGHT).data[0].z[0]) == [0, 0]


@pytest.mark.parametrize("num_classes", [1, 2, 100, 400])
def test_many_classes_stay_readable(num_classes):
    names = tuple(f"a class whose long name ends in {place}" for place in range(num_classes))
    figure = figure_of(confusion(names), LIGHT)
    labels = figure.layout.yaxis.ticktext
    assert len(set(labels)) == len(labels) <= 110
    assert all(len(label) <= MAX_LABEL for label in labels)
    assert figure.layout.height / max(len(labels), 1) >= 11
    assert ("text" not in [trace.mode for trace in figure.data[1:]]) == (num_classes > 25)


def test_many_lines_have_no_legend_but_names():
    figure = figure_of(curves(MAX_NAMED_LINES + 1), LIGHT)
    assert figure.layout.showlegend is False
    assert all(NASTY.split(">")[0].lstrip("<") in line.name for line in figure.data)
    assert figure_of(curves(3), LIGHT).layout.showlegend is True


def test_one_line_is_named_above_and_steps_are_not_interpolated():
    figure = figure_of(curves(1), LIGHT)
    assert figure.layout.showlegend is True and figure.layout.legend.orientation == "h"
    assert figure.data[0].line.shape == "linear"
    stepped = curves(1).model_copy(update={"steps": True})
    assert figure_of(stepped, LIGHT).data[0].line.shape == "vh"


def test_a_matrix_has_no_margin_around_its_cells():
    figure = figure_of(confusion(tuple("abcd")), LIGHT)
    assert figure.layout.xaxis.range == (-0.5, 3.5) and figure.layout.yaxis.range == (3.5, -0.5)
