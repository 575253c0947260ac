"""The activations: their names, how people call them, and where they have kinks. Every other table has these names.

| name | phi(z) |
|---|---|
| sigmoid | 1 / (1 + e^-z) |
| tanh | tanh z |
| relu | max(z, 0) |
| identity | z |

At a kink the derivative is the one of the convention: ReLU'(0) = 0, LeakyReLU'(0) = 0.01, ELU'(0) = 1, SELU'(0) =
lambda alpha, hard-tanh'(-1) = hard-tanh'(1) = 0. ELU with alpha = 1 and softsign have a derivative everywhere.
"""

from typing import NamedTuple

LEAKY_SLOPE = 0.01
"""Slope of leaky ReLU below 0 (Maas et al. 2013)."""
SELU_LAMBDA = 1.0507009873554804934193349852946
SELU_ALPHA = 1.6732632423543772848170429916717
"""Klambauer et al. 2017, eq. 14: with them mean 0 and variance 1 are a fixed point."""


class Facts(NamedTuple):
    """Tells about an activation.

    Attributes
    ----------
    words
        What people call it.
    family
        saturating (bounded), rectifying (as ReLU), smooth (rectifying without a corner) or linear.
    kinks
        Arguments at which the derivative jumps.
    """

    words: str
    family: str
    kinks: tuple[float, ...] = ()


ACTIVATION_FACTS: dict[str, Facts] = {
    "sigmoid": Facts("sigmoid", "saturating"),
    "tanh": Facts("tanh", "saturating"),
    "relu": Facts("ReLU", "rectifying", (0.0,)),
    "identity": Facts("identity", "linear"),
}
ACTIVATIONS = tuple(ACTIVATION_FACTS)
