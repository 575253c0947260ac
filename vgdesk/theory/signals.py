"""What is known of a batch on its way through a feed-forward network: covariances over its examples, layer by layer.

How a layer makes it: `vgdesk.theory.through_layer`.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.theory.batch_norm import BatchScale
from vgdesk.theory.exponents import EDGE, log10_of, rescaled
from vgdesk.theory.initialisation import Start
from vgdesk.theory.sigmoid_gate import Gate
from vgdesk.theory.units import Pairs


class Signal(NamedTuple):
    """Is what a layer gives to the next: covariance and means over the units, of every example.

    They are square 4^exponent and mean 2^exponent (`vgdesk.theory.exponents`).
    """

    square: np.ndarray
    mean: np.ndarray
    exponent: int = 0

    def at(self, exponent: int) -> "Signal":
        """Returns the same signal in other units."""
        if exponent == self.exponent:
            return self
        mean = np.ldexp(self.mean, self.exponent - exponent)
        return Signal(rescaled(self.square, self.exponent, exponent), mean, exponent)


class Passed(NamedTuple):
    """Is what is known of a layer after the way forwards.

    Attributes
    ----------
    below
        The signal the layer receives.
    start
        sigma_w^2, sigma_b^2 and fan_in.
    argument
        Covariance of phi's argument, after normalisation, over 4^exponent.
    q
        Its mean variance, likewise.
    scale
        Factors of the gradient through a normalisation over units, or what one over examples does; None without.
    phi
        The activation at q; None for an output, whose slope belongs to the loss.
    gate
        Moments of a highway's gate, else None.
    slopes
        E[phi'_a phi'_b] of every pair of examples; None for an output.
    inner
        What a skip connection is given beside the signal from below; None without one.
    exponent
        See `vgdesk.theory.exponents`.
    given
        The exponent of phi's own products, which `exponent` is where phi is lines through 0.
    divided
        The normalisation has divided the gradients' products by a further 4^divided.
    """

    below: Signal
    start: Start
    argument: np.ndarray
    q: float
    scale: np.ndarray | BatchScale | None
    phi: Pairs | None
    gate: Gate | None
    slopes: np.ndarray | None = None
    inner: Signal | None = None
    exponent: int = 0
    given: int = 0
    divided: int = 0

    @property
    def log10_q(self) -> float:
        """log10 of the mean variance."""
        return log10_of(self.q, self.exponent)

    def in_given_units(self) -> "Passed":
        """Returns the layer with its argument, its bias and all signals in the units of phi's own products."""
        e, inner = self.given, self.inner
        if self.exponent == self.below.exponent == e:
            return self if e == 0 else self._replace(start=self.start.at(e))
        return self._replace(
            below=self.below.at(e),
            start=self.start.at(e),
            argument=rescaled(self.argument, self.exponent, e),
            q=float(rescaled(np.array(self.q), self.exponent, e)),
            inner=inner if inner is None else inner.at(e),
            exponent=e,
        )


def inputs_signal(inputs: np.ndarray) -> Signal:
    """Returns the inputs as a signal: real second moments over the features, shape (examples, features) in."""
    size = float(np.max(np.abs(inputs)))
    power = math.frexp(size)[1]
    exponent = power if abs(power) > EDGE else 0
    scaled = np.ldexp(inputs, -exponent) if exponent else inputs
    return Signal(scaled @ scaled.T / inputs.shape[1], scaled.mean(axis=1), exponent)
