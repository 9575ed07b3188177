"""Whether probabilities mean what they say: of answers given with 80 %, four in five should be right. No torch."""

import numpy as np

from leyden.reports.model import Bars, Calibration

NUM_BINS = 15


def calibrate(confidence: np.ndarray, is_right: np.ndarray) -> Calibration:
    """Rows in equally wide bins of the answered class's probability.

    Args:
        confidence: (N,) in [0, 1], N at least 1.
        is_right: (N,) bool.

    Source:
        Guo et al. (2017), On Calibration of Modern Neural Networks, arXiv:1706.04599.
    """
    bins = np.clip(np.ceil(confidence * NUM_BINS).astype(int) - 1, 0, NUM_BINS - 1)
    counts = np.bincount(bins, minlength=NUM_BINS)
    kept = np.flatnonzero(counts)
    mean = np.bincount(bins, confidence, NUM_BINS)[kept] / counts[kept]
    right = np.bincount(bins, is_right, NUM_BINS)[kept] / counts[kept]
    return Calibration(
        title="Calibration",
        edges=tuple((place / NUM_BINS, (place + 1) / NUM_BINS) for place in kept.tolist()),
        confidence=tuple(mean.tolist()),
        accuracy=tuple(right.tolist()),
        counts=tuple(counts[kept].tolist()),
    )


def confidences(calibration: Calibration) -> Bars:
    """How many rows were answered with which confidence."""
    counts = dict(zip((low for low, _high in calibration.edges), calibration.counts, strict=True))
    edges = tuple(place / NUM_BINS for place in range(NUM_BINS + 1))
    return Bars(
        title="How sure the answers are",
        x_title="Confidence",
        edges=edges,
        counts=tuple(counts.get(low, 0) for low in edges[:-1]),
        help="Rows by the probability of the class that they were answered with.",
        picks_confidence=True,
    )
