"""Claims about one unit per layer, where every factor of the product can be seen.

The topmost unit is the output, so a span of ten units reaches from the ninth to the first: it has eight factors.
"""

import math

from vgdesk.spec.experiment import Experiment
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import at_start, chain, span

UNITS = 10
_CENTRED = 0.5
"""Where a sigmoid's bias -w/2 holds z at 0, its steepest place."""


def sigmoid_chain(weight: float) -> Experiment:
    """Returns sigmoids whose preactivations are all 0: every factor is weight / 4."""
    return chain([weight] * UNITS, [-weight / 2.0] * UNITS, _CENTRED)


def _one_unit(_: int) -> Numbers:
    found = {f"w{weight:g}": span(at_start(sigmoid_chain(weight))) for weight in (1.0, 3.0, 4.0, 100.0)}
    return {**found, "w1_without_bias": span(at_start(chain([1.0] * UNITS, [0.0] * UNITS, 1.0)))}


def _small(_: int) -> Numbers:
    linear = {f"linear_w{w:g}": span(at_start(chain([w] * UNITS, [0.0] * UNITS, 1.0, "identity"))) for w in (0.9, 1.1)}
    return {
        **linear,
        "sigmoid_w3": span(at_start(sigmoid_chain(3.0))),
        "sigmoid_w5": span(at_start(sigmoid_chain(5.0))),
    }


def _product(_: int) -> Numbers:
    """Compares dL/dw_1 of the classic chain with two products: of the gradients after it, and of the Jacobians."""
    experiment = chain([1.0] * 5, [0.0] * 5, 1.0)
    found = at_start(experiment)
    first = abs(float(found.weights[0][0, 0]))
    later = math.prod(abs(float(gradient[0, 0])) for gradient in found.weights[1:])
    slopes = [float(h[0, 0]) * (1.0 - float(h[0, 0])) for h in found.activations[1:]]
    jacobians = math.prod(slopes) * abs(float(found.states[-1][0, 0]))  # every weight and the input are 1
    return {
        "gradients": abs(math.log10(later / first)),
        "jacobians": abs(math.log10(jacobians / first)),
        "first": math.log10(first),
    }


TESTS = (
    ClaimTest(
        4,
        _one_unit,
        (
            Gauge("w1", "w = 1: left after 8 layers", "log10", at_most=-0.5),
            Gauge("w3", "w = 3: left after 8 layers", "log10", at_most=-0.5),
            Gauge("w4", "w = 4: left after 8 layers", "log10", at_most=-0.5),
            Gauge("w100", "w = 100: left after 8 layers", "log10", at_most=-0.5),
            Gauge("w1_without_bias", "w = 1 without biases: left after 8 layers", "log10"),
        ),
        uses_seed=False,
    ),
    ClaimTest(
        5,
        _small,
        (
            Gauge("linear_w0.9", "linear units, w = 0.9: left after 8 layers", "log10", at_most=-0.1),
            Gauge("linear_w1.1", "linear units, w = 1.1: left after 8 layers", "log10", at_least=0.1),
            Gauge("sigmoid_w3", "sigmoid units, w = 3: left after 8 layers", "log10", at_least=-0.1),
            Gauge("sigmoid_w5", "sigmoid units, w = 5: left after 8 layers", "log10"),
        ),
        uses_seed=False,
    ),
    ClaimTest(
        25,
        _product,
        (
            Gauge("gradients", "decades between dL/dw1 and the product of the later weights' gradients", at_most=0.01),
            Gauge("jacobians", "decades between dL/dw1 and the product of the layers' Jacobians", at_most=1e-9),
            Gauge("first", "dL/dw1 of the classic chain", "log10"),
        ),
        uses_seed=False,
    ),
)
