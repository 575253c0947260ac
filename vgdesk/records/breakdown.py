"""The first number of a run that is not finite: at which step, in which operation, at which place.

A step computes, in this order: the preactivations from the input to the output, the loss, the gradient back from the
output to the input, and from it the gradient of the weights. The first of them that is no finite number is the cause;
whatever is not finite after it is a consequence.
"""

import msgspec

from vgdesk.records.places import Places

OPERATIONS = {
    "preactivation": "the preactivation z",
    "normalisation": "the normalised preactivation",
    "cell": "the cell c",
    "activation": "the activation h",
    "loss": "the loss",
    "backward": "the back-propagated gradient",
    "gradient": "the gradient of the weights",
    "update": "the update of the weights",
}


class Breakdown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
        if self.place and self.operation != "loss":  # which no layer or time step has
            where = f" {'at' if self.places is Places.TIME else 'of'} {self.places.label(self.place)}"
        return f"{OPERATIONS[self.operation]}{where} is not finite for the first time at step {self.step}"
