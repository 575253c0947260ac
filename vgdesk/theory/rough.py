"""Networks of which it is known that the prediction lies off, and in which direction: sentences for its note."""

import numpy as np

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
    growth = np.log(np.maximum(chi, 1e-300)) - np.log(10.0) * np.nan_to_num(np.diff(log10_q))
    is_plain = [layer.skip is None and layer.normalisation == "none" for layer in network.layers[:-1]]
    return float(np.sum(np.maximum(growth, 0.0) * is_plain / np.array(network.widths[1:-1], float)))
