import tomllib
from dataclasses import fields

import pytest

from leyden.home import PROJECT
from leyden.palette import PALETTES, Mode, contrast
from ui.theme import style_sheet

CONFIG = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())
MODES: tuple[Mode, ...] = ("light", "dark")
SAME = {
    "primaryColor": "primary",
    "backgroundColor": "background",
    "secondaryBackgroundColor": "surface",
    "textColor": "ink",
    "linkColor": "accent",
    "borderColor": "line",
    "codeBackgroundColor": "surface",
    "codeTextColor": "ink",
    "dataframeBorderColor": "line",
    "dataframeHeaderBackgroundColor": "surface",
    "greenTextColor": "good",
    "orangeTextColor": "warning",
    "redTextColor": "bad",
    "blueTextColor": "accent",
    "grayTextColor": "muted",
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("key", "name"), SAME.items())
def test_the_theme_repeats_the_palette(mode: Mode, key: str, name: str):
    assert CONFIG["theme"][mode][key] == getattr(PALETTES[mode], name)


@pytest.mark.parametrize("mode", MODES)
def test_streamlit_charts_use_the_palette(mode: Mode):
    theme = CONFIG["theme"][mode]
    assert tuple(theme["chartCategoricalColors"]) == PALETTES[mode].runs
    assert tuple(theme["chartSequentialColors"]) == PALETTES[mode].sequence
    assert theme.keys() - SAME.keys() == {"chartCategoricalColors", "chartSequentialColors"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["ink", "muted", "accent", "good", "warning", "bad"])
def test_text_can_be_read(mode: Mode, name: str):
    palette = PALETTES[mode]
    for ground in (palette.background, palette.surface):
        assert contrast(getattr(palette, name), ground) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_marks_can_be_seen_and_buttons_read(mode: Mode):
    palette = PALETTES[mode]
    for mark in (palette.train, palette.val, palette.test, *palette.runs):
        assert contrast(mark, palette.background) >= 3
    assert contrast(palette.primary, "#ffffff") >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_colours_differ(mode: Mode):
    palette = PALETTES[mode]
    assert len({*palette.runs}) == len(palette.runs) == 10
    assert len({palette.train, palette.val, palette.test}) == 3
    assert len(palette.sequence) == 10


def test_contrast_after_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_style_sheet_names_every_colour_it_uses():
    sheet = style_sheet()
    for field in fields(PALETTES["light"]):
        if isinstance(getattr(PALETTES["light"], field.name), str):
            assert f"--ly-{field.name}: light-dark(" in sheet
    used = {part.split(")")[0] for part in sheet.split("var(--ly-")[1:]}
    assert used <= {field.name for field in fields(PALETTES["light"])}


def test_the_server_keeps_to_itself():
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["server"]["fileWatcherType"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False
