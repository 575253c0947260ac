"""Phase diagram -> picture of chi_1 over sigma_w and sigma_b, with the critical line chi_1 = 1."""

from dataclasses import dataclass, field

import numpy as np

from vgdesk.spec.activation import facts_of

MOST_DECADES = 1.0
"""Colours span a factor of 10 per layer to either side of chi_1 = 1; beyond, every network of some depth is lost."""


@dataclass(frozen=True)
class PhaseScene:
    """Is log10 chi_1 over the two deviations; rows are sigma_b, columns sigma_w."""

    title: str
    subtitle: str
    sigma_w: np.ndarray = field(repr=False)
    sigma_b: np.ndarray = field(repr=False)
    log10_chi: np.ndarray = field(repr=False)
    q: np.ndarray = field(repr=False)
    colour_range: tuple[float, float]
    colour_label: str = "log₁₀ χ₁, growth of ‖∂L/∂z‖² per layer"


def phase_scene(
    activation: str, sigma_w: np.ndarray, sigma_b: np.ndarray, q: np.ndarray, chi_1: np.ndarray
) -> PhaseScene:
    """Returns the picture of a phase diagram; shapes (columns,), (rows,), (rows, columns) twice."""
    log10 = np.log10(np.maximum(chi_1, 1e-300))
    known = np.abs(log10[np.isfinite(log10)])
    largest = min(MOST_DECADES, float(known.max(initial=0.0)) or MOST_DECADES)
    return PhaseScene(
        title=f"Phase diagram of {facts_of(activation).words}",
        subtitle="blue: gradients vanish · red: they explode · line: χ₁ = 1",
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        log10_chi=log10,
        q=q,
        colour_range=(-largest, largest),
    )
