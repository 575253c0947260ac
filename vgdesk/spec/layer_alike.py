"""The edit that makes a network deeper by a layer like those it has."""

from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment


def with_layer_alike(experiment: Experiment, after: int) -> Experiment:
    """Returns the experiment with a new layer above layer `after`, as wide and as active as a hidden neighbour.

    The neighbour below is taken before the one above, for a layer directly above the inputs has none below. Where no
    layer is hidden, the new one is a single sigmoid unit, as `edit.with_layer` makes it.
    """
    hidden = experiment.feed_forward.layers[:-1]
    if not hidden:
        return edit.with_layer(experiment, after)
    neighbour = hidden[min(max(after, 1), len(hidden)) - 1]
    return edit.with_layer(experiment, after, neighbour.width, neighbour.activation)
