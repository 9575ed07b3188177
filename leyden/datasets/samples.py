"""The sample data that Leyden ships, so that a newcomer has something to train on.

What each sample is stands in `assets/samples/manifest.json`; how the files were made, in `build.py` beside it.
"""

from pathlib import Path

from pydantic import Field, TypeAdapter

from leyden.home import PROJECT
from leyden.records import Record

SAMPLES = PROJECT / "assets" / "samples"


class Sample(Record):
    """A file that ships with Leyden and can be imported like any other."""

    name: str = Field(description="Short key, unique, usable in a URL")
    title: str
    summary: str = Field(description="What it holds and what can be learned from it, in one sentence")
    file: str = Field(description="Name of its file in the samples' folder")
    task: str = Field(description="What one would train, in a few words")
    target: str = Field(description="The column one would predict")
    num_rows: int
    source: str = Field(description="Who made the data, and the package it was taken from")
    licence: str = Field(description="SPDX identifier")

    @property
    def path(self) -> Path:
        """Where its file lies."""
        return SAMPLES / self.file


def samples() -> tuple[Sample, ...]:
    """All samples, simplest first."""
    manifest = (SAMPLES / "manifest.json").read_bytes()
    return TypeAdapter(tuple[Sample, ...]).validate_json(manifest)
