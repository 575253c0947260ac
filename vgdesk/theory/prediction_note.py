"""What the prediction of a feed-forward network says of itself: what a run will not show, and where theory is rough."""

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Identity
from vgdesk.spec.network import FeedForward
from vgdesk.theory.signals import Passed

SMALLEST_WIDTH = 10
DEEPEST_CARRIED = 5
"""Layers with skip connections per unit of their width beyond which the first order of `carried` is told to end."""
LARGEST_DECADES = {"float64": 308, "float32": 38}
"""log10 of the largest number of a run's precision."""
_OF_RELU = ": of ReLU too low in the first layers, and too high for |∂L/∂W| of the last ones"
MOST_SILENT = 0.05
"""A larger share of draws without any gradient is told."""


def prediction_note(experiment: Experiment, output: Passed, silent: float) -> str:
    """Returns what makes the prediction less sure, what a run has no numbers for first; "" if nothing does.

    Parameters
    ----------
    output
        The output layer.
    silent
        The share of draws without any gradient.
    """
    found = _beyond_numbers(output, experiment.loss, experiment.training.precision) or _note(experiment)
    if found or silent <= MOST_SILENT:
        return found
    return (
        f"{silent:.0%} of networks drawn like this are certain of every answer, and right, and have no gradient at "
        "all; the prediction is of the others"
    )


def _beyond_numbers(output: Passed, loss: str, precision: str) -> str:
    """Returns what a run in this precision will not show of a network whose outputs are so large."""
    is_squared, decades = loss in ("mse", "half-mse-sum"), LARGEST_DECADES[precision]
    if output.log10_q <= decades * (1.0 if is_squared else 2.0):
        return ""
    what = "the square of its outputs exceeds" if is_squared else "its outputs exceed"
    return f"a run of this network has no loss to differentiate: {what} 1e{decades}, what {precision} holds"


def _note(experiment: Experiment) -> str:
    """Returns what makes the prediction less sure."""
    network = experiment.feed_forward
    rules = [experiment.layer_initialisation(number) for number in range(1, network.depth + 1)]
    if experiment.training.pretraining is not None:
        return "the prediction is for the drawn weights, before pre-training changes them"
    if any(isinstance(rule, Identity) for rule in rules):
        return "identity matrices are not random: the prediction is for orthogonal ones"
    narrow = min(network.widths[1:-1], default=SMALLEST_WIDTH)
    if narrow < SMALLEST_WIDTH:
        return f"the theory is of wide networks; with {narrow} {'unit' if narrow == 1 else 'units'} it is rough"
    return _skip_note(network)


def _skip_note(network: FeedForward) -> str:
    """Returns what the theory of gradients along signals that are carried past the weights leaves out."""
    carried = [layer for layer in network.layers if layer.skip is not None]
    if any(len(layer.activations) > 1 for layer in carried):
        return (
            "units of different activations with skip connections: a unit keeps its own through all layers, which the "
            "theory does not know, so that the prediction may be half a decade off"
        )
    width = min((layer.width for layer in carried), default=1)
    if len(carried) > DEEPEST_CARRIED * width:
        # which way it lies off was measured of ReLU only
        direction = _OF_RELU if any("relu" in layer.activations for layer in carried) else ""
        return (
            f"{len(carried)} of {network.depth} layers have a skip connection ({width} units in the narrowest): the "
            "theory is of the first order in depth over width, and the prediction may be a few decades off, which the "
            f"band does not know{direction}"
        )
    return ""
