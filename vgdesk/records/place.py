"""A place in a network: what a factor, a bar or a finding belongs to, and what is pointed at.

By itself, because the window needs it before anything that holds numbers.
"""

from enum import StrEnum

import msgspec


class PlaceKind(StrEnum):
    """What kind of thing a place is."""

    LOSS = "loss"
    LAYER = "layer"
    UNIT = "unit"
    EDGE = "edge"
    BIAS = "bias"


class Place(msgspec.Struct, frozen=True):
    """Is where a factor lives. Layers, units and sources count from 1; layer 0 is the input; else 0 is "none".

    In a recurrent network the layer is the time step, and an edge or bias of layer 0 belongs to all of them.
    """

    kind: PlaceKind
    layer: int = 0
    unit: int = 0
    source: int = 0
