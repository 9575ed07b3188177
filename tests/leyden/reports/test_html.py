import re
from hashlib import sha256
from io import BytesIO

import pandas as pd
import pytest
from PIL import Image

from leyden.datasets.profile import Profile
from leyden.home import Home
from leyden.reports.html import STYLES, differences, render_html, table_html
from leyden.reports.model import Table
from leyden.reports.numbers import cell_text, figure_text
from leyden.reports.strip import strip_html
from leyden.reports.translated import translated
from tests.leyden.reports.examples import CLASSES, NASTY, SECTIONS, headline
from tests.leyden.reports.judged import classified


@pytest.fixture
def page(report, run):
    return render_html(report, run)


@pytest.fixture
def rows(tmp_path, run):
    """A workspace with two pictures, a dog taken for a cat among them."""
    home = Home(tmp_path)
    shas = []
    for colour in ("red", "blue"):
        buffer = BytesIO()
        Image.new("RGB", (300, 200), colour).save(buffer, "PNG")
        shas.append(sha256(buffer.getvalue()).hexdigest())
        home.media_file(shas[-1]).parent.mkdir(parents=True)
        home.media_file(shas[-1]).write_bytes(buffer.getvalue())
    frame = pd.DataFrame({"image": shas, "species": ["cat", "dog"], "__row_id": [10, 11]})
    home.dataset("d1").mkdir(parents=True)
    frame.to_parquet(home.dataset("d1") / "table.parquet", index=False)
    profile = Profile(layout="image_folder", num_rows=2, columns=(), source_name="a.zip", source_bytes=1)
    (home.dataset("d1") / "profile.json").write_text(profile.model_dump_json())
    classified(home.run(run.id), ["cat", "dog"], [[0.9, 0.1], [0.8, 0.2]], ("cat", "dog"), target="species")
    return home


def test_mistakes_are_inside_with_their_pictures(report, run, rows):
    data = run.spec.data.model_copy(update={"inputs": {"image": "image"}})
    run = run.model_copy(update={"spec": run.spec.model_copy(update={"data": data})})
    report = report.model_copy(update={"classes": ("cat", "dog")})
    page = own_part(render_html(report, run, home=rows))
    assert page.count("<article") == page.count("data:image/jpeg;base64,") == 1
    assert "Most confident mistakes" in page and "true dog" in page and "Thresholds" in page
    assert not re.search(r"""<img[^>]+src=["'](?!data:)""", page)


def test_its_words_pass_the_gate(report, run, rows, monkeypatch):
    for module in ("html", "cards", "numbers", "embedded", "translated", "figures"):
        monkeypatch.setattr(f"leyden.reports.{module}._", lambda text: f"«{text}»")
    data = run.spec.data.model_copy(update={"inputs": {"image": "image"}})
    run = run.model_copy(update={"spec": run.spec.model_copy(update={"data": data})})
    page = own_part(render_html(report.model_copy(update={"classes": ("cat", "dog")}), run, home=rows))
    for words in ("Settings", "Dataset", "Most confident mistakes", "Confusion matrix", "Thresholds"):
        assert f"«{words}»" in page
    assert "«true dog»" in page and "«95 % between" in page and "«Predicted»" in page


def own_part(page):
    """The page without plotly's own source, which is full of tags."""
    return re.sub(r"<script>/\*\*.*?</script>", "", page, flags=re.DOTALL)


def test_needs_nothing_from_elsewhere(page):
    assert page.count("<script>") == 2 and "plotly.js v" in page
    assert not re.search(r"""<(script|link|img)[^>]+(src|href)=""", own_part(page))
    assert "Plotly.react" in page


def test_names_are_escaped_everywhere(page):
    assert NASTY not in page
    assert "alert(" in own_part(page)
    assert "<script>alert" not in page and "</script>alert" not in page


def test_every_section_and_figure_is_there(page, report):
    own = own_part(page)
    for section in report.sections[1:]:
        assert f"<h2>{translated(section).title}</h2>" in own
    # (4 * 0.15 + 40 * 0.03) / 44
    assert "<h2>Calibration · expected calibration error 0.0409</h2>" in own
    pictures = [
        place for place, section in enumerate(report.sections) if section.type not in ("headline", "table")
    ]
    assert pictures and re.findall(r'id="figure-(\d+)"', own) == [str(place) for place in pictures]
    for place in pictures:
        assert f'"{place}":{{"data":' in own
    assert CLASSES[0] in own and CLASSES[1] in own


def test_headline_stands_with_interval_and_blind_figure(page):
    own = own_part(page)
    assert "0.9700" in own and "95 % between 0.9400 and 0.9900" in own
    assert "0.4400 by guessing: always answering" in own
    assert "1,234" in own and "no row here is of them" in own


def test_settings_and_facts_are_told(page, run):
    own = own_part(page)
    for text in ("optimisation.lr", "architecture.tabular.options.width", "12,345", "penguins", "1,052 rows"):
        assert text in own


def test_follows_the_reader_s_theme_and_prints_light(page):
    own = own_part(page)
    assert "prefers-color-scheme:dark" in own and "@media print" in own and "beforeprint" in own


@pytest.mark.parametrize(
    ("light", "dark", "expected"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, {"a/1/b": 3}),
        ({"a": "x", "b": None}, {"a": "y", "b": 0}, {"a": "y", "b": 0}),
    ],
)
def test_differences(light, dark, expected):
    assert dict(differences(light, dark)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.97123, "0.9712"),
        (1.0, "1.0000"),
        (1.5, "1.500"),
        (12.345, "12.35"),
        (123.456, "123.5"),
        (0.0, "0.0000"),
        (12345.6, "12,346"),
        (-0.5, "−0.5000"),
        (1e-7, "1.000e−07"),
    ],
)
def test_figures_have_four_digits(value, text):
    assert figure_text(value) == text


def test_cells():
    assert [cell_text(cell) for cell in ("x", 1234, 0.5, None)] == ["x", "1,234", "0.5000", "–"]


@pytest.mark.parametrize(
    "values", [(0.9, 0.8, 0.95, 0.4), (-3.0, -4.0, -2.0, 0.0), (250.0, 200.0, 300.0, 900.0), (0.0, 0.0, 0.0, 0.0)]
)
def test_strip_shows_all_marks_inside(values):
    value, low, high, blind = values
    drawn = strip_html(headline(value, low, high, blind))
    positions = [float(found) for found in re.findall(r"left:(-?[\d.]+)%", drawn)]
    assert len(positions) == 3
    assert all(0 <= position <= 100 for position in positions)
    assert positions[0] + float(re.search(r"width:([\d.]+)%", drawn)[1]) <= 100


def test_a_headline_without_figures_draws_nothing():
    assert strip_html(SECTIONS["headline"].model_copy(update={"figures": ()})) == ""


def test_a_column_of_sentences_has_room():
    sentence = "Gradient boosted decision trees on the numbers."
    table = Table(
        title="", columns=("Model", "F1", "What it is"), rows=(("Trees", 0.5, sentence), ("This", 1, ""))
    )
    html = table_html(table)
    assert html.count('class="sentence"') == 3 and f'<td class="sentence">{sentence}</td>' in html
    assert "<td>Trees</td>" in html and '<td class="number">0.5000</td>' in html
    assert "td.sentence { min-width:" in STYLES[0].read_text()
