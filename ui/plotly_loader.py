"""The script that components draw their charts with: Plotly from Leyden's own route, so that it works offline."""

from pathlib import Path

LOADER = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
"""Defines `loadPlotly(url)`; goes before a component's own script."""
