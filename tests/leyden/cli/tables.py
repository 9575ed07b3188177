"""Small made tables for the command line's tests."""

from pathlib import Path

import numpy as np


def penguins(path: Path, num_rows: int = 240, *, with_species: bool = True) -> Path:
    """Writes birds of two species that a straight line tells apart, with a gap here and there."""
    random = np.random.default_rng(0)
    bills, masses = random.normal(44, 4, num_rows), random.normal(4200, 600, num_rows)
    species = np.where(bills / 4 + masses / 600 > 18, "Gentoo", "Adelie")
    lines = ["bill_mm,mass_g,island" + (",species" if with_species else "")]
    for row, (bill, mass, name) in enumerate(zip(bills, masses, species, strict=True)):
        cells = [f"{bill:.2f}", "" if row % 50 == 7 else f"{mass:.0f}", ("Dream", "Biscoe")[row % 2]]
        lines.append(",".join([*cells, *([name] if with_species else [])]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
