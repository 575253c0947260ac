"""The mean-field parameters of a layer's start: sigma_w^2 = fan_in Var(W), sigma_b^2 = Var(b).

    glorot gain^2 2 fan_in / (fan_in + fan_out)    he 2    lecun 1    scaled-gaussian sigma_w^2, sigma_b^2
    fixed fan_in std^2                             torch-default 1/3 and 1 / (3 fan_in)
    orthogonal, identity gain^2 fan_in / max(fan_in, fan_out)

Given numbers are no draw, and there is no theory of them.

fan_in is the mean number of sources of a unit where connections are absent.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import (
    Explicit,
    FixedGaussian,
    Glorot,
    He,
    Identity,
    Initialisation,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    TorchDefault,
    Zeros,
)

UNIFORM_EXCESS = 9.0 / 5.0 - 3.0


class Start(NamedTuple):
    """Says how a layer is drawn.

    Attributes
    ----------
    weight
        sigma_w^2.
    bias
        sigma_b^2.
    fan_in
        Mean number of sources of a unit.
    is_orthogonal
        Whether W keeps lengths, so that it adds nothing to the scatter over seeds.
    excess
        Fourth moment of a weight over its squared variance, less the 3 of a normal one: -1.2 of uniform ones.
    """

    weight: float
    bias: float
    fan_in: float
    is_orthogonal: bool = False
    excess: float = 0.0

    def at(self, exponent: int) -> "Start":
        """Returns the same with sigma_b^2 over 4^exponent (`vgdesk.theory.exponents`)."""
        return self if self.bias == 0.0 or exponent == 0 else self._replace(bias=math.ldexp(self.bias, -2 * exponent))


def layer_start(experiment: Experiment, layer: int) -> Start:
    """Returns the start of a layer of a feed-forward network (layers count from 1)."""
    network, rule = experiment.feed_forward, experiment.layer_initialisation(layer)
    below = network.layers[layer - 2].width if layer > 1 else network.inputs
    width = network.layers[layer - 1].width
    sources = network.layers[layer - 1].sources
    fan_in = below if sources is None else float(np.mean([len(units) for units in sources]))
    return rule_start(rule, fan_in, width)


def layer_starts(experiment: Experiment) -> list[Start]:
    """Returns the starts of all layers, the one next to the input first; equal layers are worked out once."""
    known: dict[tuple[int, int, int, int], Start] = {}
    starts: list[Start] = []
    layers, widths = experiment.feed_forward.layers, experiment.feed_forward.widths
    for number, (layer, below) in enumerate(zip(layers, widths, strict=False), start=1):
        # rules and sources live as long as the experiment, so their addresses tell them apart
        like = (id(layer.initialisation), below, layer.width, id(layer.sources))
        if like not in known:
            known[like] = layer_start(experiment, number)
        starts.append(known[like])
    return starts


def rule_start(rule: Initialisation, fan_in: float, fan_out: int) -> Start:
    """Returns what a rule that draws numbers makes of a matrix of this size.

    Raises
    ------
    TypeError
        For explicit numbers, which no rule draws.
    """
    match rule:
        case Glorot():
            excess = _excess(rule.distribution)
            return Start(rule.gain**2 * 2.0 * fan_in / (fan_in + fan_out), 0.0, fan_in, excess=excess)
        case He():
            return Start(2.0, 0.0, fan_in, excess=_excess(rule.distribution))
        case LeCun():
            return Start(1.0, 0.0, fan_in, excess=_excess(rule.distribution))
        case ScaledGaussian():
            return Start(rule.sigma_w**2, rule.sigma_b**2, fan_in)
        case FixedGaussian():
            return Start(fan_in * rule.std**2, 0.0, fan_in)
        case TorchDefault():
            return Start(1.0 / 3.0, 1.0 / (3.0 * fan_in), fan_in, excess=UNIFORM_EXCESS)
        case Orthogonal() | Identity():
            return Start(rule.gain**2 * fan_in / max(fan_in, fan_out), 0.0, fan_in, is_orthogonal=True)
        case Zeros():
            return Start(0.0, 0.0, fan_in)
        case Explicit():
            raise TypeError("explicit numbers are not drawn")


def _excess(distribution: str) -> float:
    return UNIFORM_EXCESS if distribution == "uniform" else 0.0
