"""The style sheet: Leyden's own classes, with their colours taken from the palette.

Streamlit's own parts are themed by `.streamlit/config.toml`. `light-dark()` follows the theme that a reader picks
without a rerun, because Streamlit sets `color-scheme` on the page.
"""

from dataclasses import fields
from functools import cache

import streamlit as st

from leyden.home import PROJECT
from leyden.palette import DARK, LIGHT

STYLES = sorted((PROJECT / "assets").glob("*.css"))


@cache
def style_sheet() -> str:
    """The style sheet with its colour variables, `--ly-ink` and so on."""
    names = [field.name for field in fields(LIGHT) if isinstance(getattr(LIGHT, field.name), str)]
    pairs = (f"--ly-{name}: light-dark({getattr(LIGHT, name)}, {getattr(DARK, name)});" for name in names)
    styles = "\n".join(file.read_text(encoding="utf-8") for file in STYLES)
    return f".stApp {{ {' '.join(pairs)} }}\n{styles}"


def apply_styles() -> None:
    """Puts the style sheet on the page."""
    st.html(f"<style>{style_sheet()}</style>")
