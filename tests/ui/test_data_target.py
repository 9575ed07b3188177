from leyden.palette import PALETTES
from tests.pages.factories import category_column
from ui.data_bars import strip_html
from ui.data_target import MAX_BARS, balance_figure


def test_the_rest_of_many_classes_does_not_set_their_scale():
    column = category_column("kind", [f"v{i % 40}" for i in range(400)], missing=7)
    figure = balance_figure(column, 407, PALETTES["light"])
    assert figure is not None
    (bars,) = figure.data
    assert len(bars.x) == MAX_BARS + 1 and max(bars.x) == 10
    assert (bars.customdata[-1], bars.text[-1]) == ("and 25 others", "250 together")


def test_a_glance_leaves_ignored_columns_out():
    kept, ignored = (category_column(name, ["a", "b"]) for name in ("kind", "file"))
    html = strip_html((ignored.model_copy(update={"kind": "ignored"}), kept))
    assert "kind" in html and "file" not in html
