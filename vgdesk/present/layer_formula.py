"""The formula of one layer of a deep network, with the numbers that training measured.

In matrices: dL/dW^l = delta^l (h^{l-1})^T and delta^l = (W^{l+1})^T delta^{l+1} * phi'(z^l). Repeated from the output,
|delta^l| = |delta^L| * prod_{k=l}^{L-1} |delta^k| / |delta^{k+1}|, and each quotient is one factor, linked to layer k.
"""

import math
from collections.abc import Iterator

from vgdesk.present.backward_product import (
    NO_MEAN,
    magnitude_factor,
    mean_factor,
    product_lines,
    quotient_of,
    quotients,
    telescope,
)
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import Derivation, DerivationStep, Factor, Place, PlaceKind, StepKind
from vgdesk.records.formula import (
    Formula,
    Norm,
    Partial,
    Power,
    Product,
    Relation,
    Symbol,
)
from vgdesk.records.magnitude import magnitude, value
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.notation import layer_slope


def layer_sheet(experiment: Experiment, weight: GradientProfile, delta: GradientProfile, layer: int) -> EquationSheet:
    """Returns the sheet of one layer; `weight` and `delta` are the two profiles of the same step."""
    return equation_sheet(layer_derivation(experiment, weight, delta, layer))


def layer_derivation(experiment: Experiment, weight: GradientProfile, delta: GradientProfile, layer: int) -> Derivation:
    """Returns the layer's derivation; factors are the quotients |delta^k| / |delta^{k+1}| from the output down."""
    depth = experiment.feed_forward.depth
    log10 = [float(value) for value in delta.log10_norm]
    output = magnitude_factor(1, depth, _size(depth), log10[-1], f"the norm of delta in layer {depth}")
    factors = (output, *quotients(log10, layer, quotient_of(_size), _passed_on))
    matrix = Symbol("W", superscript=str(layer), bold=True)
    return Derivation(
        experiment=experiment.name,
        title=f"Layer {layer} of {depth}",
        wrt=f"layer {layer}",
        wrt_symbol=matrix,
        wrt_place=Place(PlaceKind.LAYER, layer),
        value=value(float(weight.log10_norm[layer - 1])),
        log10_magnitude=float(weight.log10_norm[layer - 1]),
        factors=factors,
        steps=tuple(_steps(experiment, weight, delta, layer, factors)),
    )


def _steps(
    experiment: Experiment, weight: GradientProfile, delta: GradientProfile, layer: int, factors: tuple[Factor, ...]
) -> Iterator[DerivationStep]:
    depth = experiment.feed_forward.depth
    yield DerivationStep(
        kind=StepKind.CHAIN_RULE,
        title=f"Gradient of the weights of layer {layer}, step {weight.step}",
        lines=(_weight_gradient(layer),),
        note="The matrices hold one column per example of the batch; their product adds the examples up.",
    )
    if layer < depth:
        layers = experiment.feed_forward.layers
        is_simple = layers[layer - 1].is_plain and layers[layer].skip is None
        rule = _backward_rule(experiment, layer) if is_simple else _general_rule(layer)
        yield DerivationStep(kind=StepKind.EXPAND, title="Backward rule", lines=(rule,))
        yield DerivationStep(kind=StepKind.NAME, title="From the output down", lines=(telescope(_size, layer, depth),))
        yield DerivationStep(
            kind=StepKind.SUBSTITUTE, title="Measured factors", lines=tuple(product_lines(_size(layer), factors))
        )
    yield DerivationStep(
        kind=StepKind.RESULT,
        title="Result",
        lines=tuple(_result(layer, float(weight.log10_norm[layer - 1]), float(delta.log10_norm[layer - 1]))),
        note=_note(layer, depth, delta),
    )


def _result(layer: int, weight: float, delta: float) -> Iterator[Formula]:
    """Yields |delta^l|, then |dL/dW^l| as what the values h below make of it."""
    yield Relation((_size(layer), magnitude(delta)))
    gradient = Norm(Partial(Symbol("L"), Symbol("W", superscript=str(layer), bold=True)))
    product = Norm(Product((_delta(layer), _below(layer)), "thin"))
    sides: tuple[Formula, ...] = (gradient, product)
    if math.isfinite(weight) and math.isfinite(delta):
        sides = (*sides, Product((magnitude(weight - delta), magnitude(delta)), "times"))
    yield Relation((*sides, magnitude(weight)))


def _note(layer: int, depth: int, delta: GradientProfile) -> str:
    if layer == depth:
        return "The output layer: no factor lies between it and the loss."
    count = depth - layer
    mean = mean_factor([float(size) for size in delta.log10_norm], layer)
    if mean is None:
        return NO_MEAN
    factor = number_text(mean)
    many = f"{count} layers pass on a factor of {factor} each" if count > 1 else f"One layer passes on {factor}"
    return f"{many}{' (geometric mean)' if count > 1 else ''} between the output and layer {layer}."


def _weight_gradient(layer: int) -> Formula:
    gradient = Partial(Symbol("L"), Symbol("W", superscript=str(layer), bold=True))
    return Relation((gradient, Product((_delta(layer), _below(layer)), "thin")))


def _below(layer: int) -> Formula:
    """Returns the transposed values that enter a layer."""
    values = Symbol("h", superscript=str(layer - 1), bold=True) if layer > 1 else Symbol("x", bold=True)
    return Power(values, Symbol("top"))


def _backward_rule(experiment: Experiment, layer: int) -> Formula:
    above = Power(Symbol("W", superscript=str(layer + 1), bold=True), Symbol("top"))
    arriving = Product((above, _delta(layer + 1)), "thin")
    slope = layer_slope(experiment.feed_forward, layer)
    if slope is None:
        return Relation((_delta(layer), arriving))
    return Relation((_delta(layer), Product((arriving, slope), "hadamard")))


def _general_rule(layer: int) -> Formula:
    """Returns the rule that holds whatever stands between z and h, and however h is read above."""
    values = Symbol("h", superscript=str(layer), bold=True)
    own = Power(Partial(values, Symbol("z", superscript=str(layer), bold=True)), Symbol("top"))
    return Relation((_delta(layer), Product((own, Partial(Symbol("L"), values)), "thin")))


def _passed_on(k: int) -> str:
    return f"what layer {k} passes on: the norm of delta in layer {k} over that in layer {k + 1}"


def _size(layer: int | str) -> Formula:
    return Norm(_delta(layer))


def _delta(layer: int | str) -> Symbol:
    return Symbol("delta", superscript=str(layer), bold=True)
