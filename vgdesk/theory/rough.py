"""Networks of which it is known that the prediction lies off, and in which direction: sentences for its note."""

import numpy as np

from vgdesk.spec.initialisation import Initialisation
from vgdesk.spec.network import FeedForward
from vgdesk.theory.dropped import MOST_APART

FEWEST_NORMALISED = 3
"""Layer normalisation of fewer units leaves nothing but signs."""


def too_few(units: int) -> str:
    """Returns why layer normalisation of one or two units has no prediction."""
    left = "always +1 and -1" if units == 2 else "always 0"
    return (
        f"layer normalisation of {units} {'unit' if units == 1 else 'units'} leaves numbers that are {left}, whatever "
        f"their input: what gradient there is is that of its epsilon; theory takes {FEWEST_NORMALISED} units"
    )


SMALLEST_WEIGHTS = 1e-200
"""A smaller sigma_w^2, beside a signal at the edge of `vgdesk.theory.exponents`, leaves float64."""
_LOWEST_DECADE = -308.0
_NO_SIGNAL = -1e9


def too_fine(rule: Initialisation, weight: float, number: int) -> str:
    """Returns why weights as small as a layer's, whose sigma_w^2 is `weight`, have no prediction; "" if they have."""
    scales = (getattr(rule, name, 0.0) for name in ("std", "sigma_w", "gain"))
    if weight >= SMALLEST_WEIGHTS or not (weight > 0.0 or any(scales)):
        return ""
    return (
        f"the weights of layer {number} are so small that the variance of their sums is below {SMALLEST_WEIGHTS:g}: "
        "theory, which takes squares, cannot tell them from zero"
    )


def silenced(network: FeedForward, log10_q: np.ndarray) -> str:
    """Returns which normalised layer's numbers a run loses, which has no exponents of its own there; else ""."""
    for number, (layer, decades) in enumerate(zip(network.layers[:-1], log10_q.tolist(), strict=False), start=1):
        if layer.normalisation != "none" and decades / 2 < _LOWEST_DECADE:
            return (
                f"a run of this network has no gradient below layer {number}: what its normalisation leaves beside "
                "epsilon is below 1e-308, the smallest number of float64, and is 0"
            )
    return ""


MOST_CHAOTIC = 0.6
"""Beyond this sum_l ln(chi_l q_l / q_(l+1)) / N_l of plain layers the median lies further off than the band is wide."""


def rough_places(network: FeedForward, chi: np.ndarray, log10_q: np.ndarray) -> str:
    """Returns what makes the prediction of such a network less sure than its band says; "" if nothing is known to.

    Parameters
    ----------
    chi
        Of the hidden layers.
    log10_q
        log10 of the mean variance of z in every layer.
    """
    apart = sum(layer.dropout / (1.0 - layer.dropout) / layer.width for layer in network.layers[:-1])
    if apart > MOST_APART:
        return _APART.format(what="dropout in so many narrow layers")
    return _APART.format(what="chaos in so many narrow layers") if _chaos(network, chi, log10_q) > MOST_CHAOTIC else ""


_APART = (
    "{what} takes the sizes of the examples' gradients far apart: most networks drawn have a smaller gradient than "
    "predicted, by more than the band says"
)


def _chaos(network: FeedForward, chi: np.ndarray, log10_q: np.ndarray) -> float:
    """Returns over how much of their width plain layers take examples apart: what grows while q does not."""
    growth = np.log(np.maximum(chi, 1e-300)) - np.log(10.0) * np.diff(np.maximum(log10_q, _NO_SIGNAL))
    is_plain = [layer.skip is None and layer.normalisation == "none" for layer in network.layers[:-1]]
    return float(np.sum(np.maximum(growth, 0.0) * (chi > 1.0) * is_plain / np.array(network.widths[1:-1], float)))
