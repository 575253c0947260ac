"""Networks of which it is known that the prediction lies off, and in which direction: sentences for its note."""

import numpy as np

from vgdesk.spec.initialisation import Initialisation
from vgdesk.spec.network import FeedForward
from vgdesk.theory.dropped import MOST_APART
from vgdesk.theory.layers import SMALLEST_BATCH

FEWEST_NORMALISED = 3
"""Layer normalisation of fewer units leaves nothing but signs."""


def too_few_examples(examples: int) -> str:
    """Returns why batch normalisation of so small a batch has no prediction."""
    counted = "one example" if examples == 1 else f"{examples} examples"
    return f"batch normalisation of {counted} has no expected gradient; it takes {SMALLEST_BATCH}"


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


def too_fine(rule: Initialisation, weight: float, number: int) -> str:
    """Returns why weights as small as a layer's, whose sigma_w^2 is `weight`, have no prediction; "" if they have."""
    if not is_too_fine(rule, weight, SMALLEST_WEIGHTS):
        return ""
    return (
        f"the weights of layer {number} are so small that the variance of their sums is below {SMALLEST_WEIGHTS:g}: "
        "theory, which takes squares, cannot tell them from zero"
    )


def is_too_fine(rule: Initialisation, weight: float, smallest: float) -> bool:
    """Whether a rule's sigma_w^2, `weight`, is smaller and yet not 0, or 0 only for want of digits."""
    scales = (getattr(rule, name, 0.0) for name in ("std", "sigma_w", "gain"))
    return weight < smallest and (weight > 0.0 or any(scales))


def silenced(network: FeedForward, log10_q: np.ndarray) -> str:
    """Returns which normalised layer's numbers a run loses, which has no exponents of its own there; else ""."""
    for number, (layer, decades) in enumerate(zip(network.layers[:-1], log10_q.tolist(), strict=False), start=1):
        if layer.normalisation != "none" and decades / 2 < _LOWEST_DECADE:
            return (
                f"a run of this network has no gradient below layer {number}: what its normalisation leaves beside "
                "epsilon is below 1e-308, the smallest number of float64, and is 0"
            )
    return ""


def rough_places(network: FeedForward) -> str:
    """Returns what makes the prediction of such a network less sure than its band says; "" if nothing is known to."""
    apart = sum(layer.dropout / (1.0 - layer.dropout) / layer.width for layer in network.layers[:-1])
    if apart <= MOST_APART:
        return ""
    return (
        "dropout in so many narrow layers takes the sizes of the examples' gradients so far apart that the prediction "
        "may be off by more than the band says, in either direction"
    )
