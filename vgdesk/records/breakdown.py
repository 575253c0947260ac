"""The first number of a run that is not finite: at which step, in which operation, at which place.

A step computes, in this order: the preactivations from the input to the output, the loss, the gradient back from the
output to the input, and from it the gradient of the weights. The first of them that is no finite number is the cause;
whatever is not finite after it is a consequence.
"""

from collections.abc import Mapping

import msgspec
import numpy as np

from vgdesk.records.places import Places

OPERATIONS = {
    "preactivation": "the preactivation z",
    "activation": "the activation h",
    "loss": "the loss",
    "backward": "the back-propagated gradient",
    "gradient": "the gradient of the weights",
    "update": "the update of the weights",
}


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """Tells what was the first not to be finite.

    Attributes
    ----------
    step
        The step, counting from 0.
    operation
        One of `OPERATIONS`.
    places
        What `place` counts.
    place
        Layer, weight matrix or time step, counting from 1; 0 where the operation has none or it is not known.
    """

    step: int
    operation: str
    places: Places = Places.LAYERS
    place: int = 0

    @property
    def sentence(self) -> str:
        """What happened, for people: "the loss is not finite for the first time at step 17"."""
        where = ""
        if self.place:
            where = f" {'at' if self.places is Places.TIME else 'of'} {self.places.label(self.place)}"
        return f"{OPERATIONS[self.operation]}{where} is not finite for the first time at step {self.step}"


def breakdown_of(
    step: int, loss: float, norms: Mapping[str, np.ndarray], signals: Places, weights: Places
) -> Breakdown | None:
    """Returns what the record of one step tells: None where everything is finite, or exactly zero.

    Preactivations are not part of the record; one that is not finite shows in the loss.

    Parameters
    ----------
    step, loss
        The step and its loss.
    norms
        log10 magnitudes of the step, shape (places,) each, under the names of `QUANTITIES`.
    signals, weights
        What the places of signals and of weights are.
    """
    if not np.isfinite(loss):
        return Breakdown(step=step, operation="loss")
    for name, operation, places in (("delta", "backward", signals), ("weight", "gradient", weights)):
        log10 = norms.get(name)
        broken: list[int] = [] if log10 is None else np.flatnonzero(np.isnan(log10) | (log10 == np.inf)).tolist()
        if broken:  # the gradient comes from the last place
            return Breakdown(step=step, operation=operation, places=places, place=broken[-1] + 1)
    return None
