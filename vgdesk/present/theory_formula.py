"""The theory route's formula for one layer, with the predicted numbers.

Mean-field theory follows the variance q of z forwards and the mean square of delta = dL/dz backwards (Poole et al.
2016, eq. 3; Schoenholz et al. 2017, eq. 12):

    q^l = sigma_w^2 E[phi(z^(l-1))^2] + sigma_b^2         E|delta^l|^2 = chi^l E|delta^(l+1)|^2
    chi^l = sigma_w^2 E[phi'(z^l)^2],  z^l ~ N(0, q^l)

Each factor is the quotient of two mean squares, linked to layer k: chi^k, or psi^k where on the way down normalisation,
dropout or skip connections make it another number than chi^k. The line in the plots is the median over
seeds, which lies below the root mean square by ln(10) s^2 decades where s is the standard deviation in decades.
"""

import math
import sys
from collections.abc import Iterator

from vgdesk.present.backward_product import magnitude_factor, product_lines, quotients, telescope
from vgdesk.present.formula.numbers import number_text
from vgdesk.present.published import published_sentence
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_scene import EquationSheet
from vgdesk.records.derivation import Derivation, DerivationStep, Factor, Place, PlaceKind, StepKind
from vgdesk.records.formula import (
    Bracket,
    Call,
    Formula,
    Norm,
    Number,
    Partial,
    Power,
    Product,
    Relation,
    Sum,
    Symbol,
)
from vgdesk.records.magnitude import magnitude, value
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.symbolic.notation import activation_call, activations_of
from vgdesk.theory.initialisation import layer_start

MOST_PARTS = 2
CHI, OTHER = "chi", "psi"
"""Names of factors: E[phi'^2] sigma_w^2, and what a layer passes on where more than that stands around it."""
OTHER_FACTORS = "ψ is χ where a layer has no normalisation, dropout or skip connection around it."
OVER_UNITS = "E is the mean over the units i, too, of which each has its activation φᵢ."


def has_theory_sheet(prediction: Prediction | None) -> bool:
    """Whether a layer's formula can be told: the prediction is there, and of layers."""
    return prediction is not None and prediction.profile("delta") is not None


def theory_sheet(
    experiment: Experiment, prediction: Prediction, layer: int, measured: GradientProfile | None = None
) -> EquationSheet:
    """Returns the sheet of one layer; `measured` is |dL/dW| of a step, compared with the prediction at the end."""
    return equation_sheet(theory_derivation(experiment, prediction, layer, measured))


def theory_derivation(
    experiment: Experiment, prediction: Prediction, layer: int, measured: GradientProfile | None = None
) -> Derivation:
    """Returns the layer's derivation by theory; factors are from the output down.

    Raises
    ------
    ValueError
        The prediction has no gradients of layers (`has_theory_sheet`).
    """
    delta, weight = prediction.profile("delta"), prediction.profile("weight")
    if delta is None or weight is None:
        raise ValueError("the prediction has no gradients of layers")
    depth = experiment.feed_forward.depth
    squares = (2 * prediction.wide).tolist()
    output = magnitude_factor(1, depth, _mean_square(depth), squares[-1], f"the mean square of delta in layer {depth}")
    name = _factor_name(experiment, layer)
    passed = quotients(squares, layer, lambda k: _factor(name, k), lambda k: f"what layer {k} passes on: {name} {k}")
    factors = (output, *passed)
    median = float(weight.log10_norm[layer - 1])
    return Derivation(
        experiment=experiment.name,
        title=f"Layer {layer} of {depth}, by theory",
        wrt=f"layer {layer}",
        wrt_symbol=Symbol("W", superscript=str(layer), bold=True),
        wrt_place=Place(PlaceKind.LAYER, layer),
        value=value(median),
        log10_magnitude=median,
        factors=factors,
        steps=tuple(_steps(experiment, prediction, layer, factors, squares, measured)),
    )


def _steps(
    experiment: Experiment,
    prediction: Prediction,
    layer: int,
    factors: tuple[Factor, ...],
    squares: list[float],
    measured: GradientProfile | None,
) -> Iterator[DerivationStep]:
    depth = experiment.feed_forward.depth
    yield DerivationStep(
        kind=StepKind.CHAIN_RULE,
        title=f"Variance of z in layer {layer}",
        lines=tuple(_variance(experiment, layer, prediction)),
        note=" ".join(
            ["The mean E is over all draws of the weights: a layer's z is normal, with the variance q."]
            + [OVER_UNITS] * (layer > 1 and _has_many(experiment, layer - 1))
            + _start_words(experiment, layer)
        ),
    )
    if layer < depth:
        yield DerivationStep(
            kind=StepKind.EXPAND,
            title="What the layer passes on",
            lines=tuple(_passing(experiment, prediction, layer, factors[-1])),
            note=_around(experiment, prediction, layer),
        )
        name = _factor_name(experiment, layer)
        yield DerivationStep(
            kind=StepKind.NAME,
            title="From the output down",
            lines=(telescope(_mean_square, layer, depth, _factor(name, "k")),),
            note="" if name == CHI else OTHER_FACTORS,
        )
        left = _mean_square(layer)
        yield DerivationStep(
            kind=StepKind.SUBSTITUTE, title="Predicted factors", lines=tuple(product_lines(left, factors))
        )
    yield _result(prediction, layer, squares[layer - 1], measured)


def _variance(experiment: Experiment, layer: int, prediction: Prediction) -> Iterator[Formula]:
    """Yields the map of the variance, and the same with numbers; of a normalised layer what it is after that."""
    left, start = Symbol("q", superscript=str(layer)), layer_start(experiment, layer)
    q = float(prediction.variances[layer - 1])
    log10_q = math.log10(q) if _is_normal(q) else float(prediction.log10_variances[layer - 1])
    is_number = _is_normal(q) or math.isinf(log10_q)
    size = _number(q) if is_number else magnitude(log10_q)
    if experiment.feed_forward.layers[layer - 1].normalisation != "none":
        yield Relation((left, size))
        return
    entering = Product((_square("sigma", "w"), _entering(experiment, layer)), "thin")
    yield Relation((left, Sum((entering, _square("sigma", "b")))))
    if start.weight > 0.0:
        # beside a variance beyond float64 a bias is nothing
        share = (q - start.bias) / start.weight
        mean = _number(share) if is_number else magnitude(log10_q - math.log10(start.weight))
        yield Relation((left, Sum((Product((_number(start.weight), mean), "times"), _number(start.bias))), size))


def _start_words(experiment: Experiment, layer: int) -> list[str]:
    """Returns where sigma_w^2 comes from, and that of the layer above where it is another one: chi has that one."""
    if experiment.feed_forward.layers[layer - 1].normalisation != "none":
        return ["Normalisation makes it what it is, whatever σ_w²."]
    own = layer_start(experiment, layer).weight
    told = f"σ_w² = fan-in × Var W = {number_text(own)} in layer {layer}, {_sizes(experiment, layer)}"
    if layer == experiment.feed_forward.depth:
        return [f"{told}."]
    above = layer_start(experiment, layer + 1).weight
    if math.isclose(own, above, rel_tol=1e-9):
        return [f"{told}, and in layer {layer + 1}."]
    return [
        f"{told}, but {number_text(above)} in layer {layer + 1}, {_sizes(experiment, layer + 1)}: that is χ's below."
    ]


def _sizes(experiment: Experiment, layer: int) -> str:
    below, width = experiment.feed_forward.widths[layer - 1 : layer + 1]
    return f"{below} → {width}"


def _entering(experiment: Experiment, layer: int) -> Formula:
    """Returns the mean square of what enters a layer: of the inputs, or of the activation of a normal number."""
    if layer == 1:
        return _mean(Power(Symbol("x"), Number(2.0)))
    below = experiment.feed_forward.layers[layer - 2]
    if below.skip is not None or below.dropout:
        return _mean(Power(Symbol("h", superscript=str(layer - 1)), Number(2.0)))
    return _over_units(experiment, layer - 1, 0)


def _over_units(experiment: Experiment, layer: int, prime: int) -> Formula:
    """Returns E[phi^2] or E[phi'^2] of a layer; of units with different activations their mean over the units.

    Two activations are told part by part; of more the line would be too long, and E is over the units i, too.
    """
    if _has_many(experiment, layer):
        return _mean(Power(Call(Symbol("phi", "i", prime=prime), (_normal(layer),)), Number(2.0)))
    among = activations_of(experiment.network)
    means = [
        (part, _mean(Power(activation_call(name, _normal(layer), prime, among), Number(2.0))))
        for name, part in experiment.feed_forward.layers[layer - 1].shares.items()
    ]
    if len(means) == 1:
        return means[0][1]
    return Sum(tuple(Product((Number(float(f"{part:.3g}")), mean), "thin") for part, mean in means))


def _passing(experiment: Experiment, prediction: Prediction, layer: int, factor: Factor) -> Iterator[Formula]:
    """Yields chi, and what the layer passes on: that, or another factor where something stands around it."""
    chi = _factor(CHI, layer)
    slope = _over_units(experiment, layer, 1)
    size, weight = float(prediction.chi[layer - 1]), layer_start(experiment, layer + 1).weight
    yield Relation((chi, Product((_square("sigma", "w"), slope), "thin")))
    if weight > 0.0:
        yield Relation((chi, Product((_number(weight), _number(size / weight)), "times"), _number(size)))
    own = chi if _is_plain(experiment, layer) else _factor(OTHER, layer)
    yield Relation((_mean_square(layer), Product((own, _mean_square(layer + 1)), "thin")))
    if own != chi:
        yield Relation((own, factor.number))


def _around(experiment: Experiment, prediction: Prediction, layer: int) -> str:
    told = [OVER_UNITS] if _has_many(experiment, layer) else []
    if not _is_plain(experiment, layer):
        told.append("ψ is not χ: it also holds what normalisation, dropout and skip connections around the layer do.")
        told.append(published_sentence(prediction, layer))
    return " ".join(filter(None, told))


def _has_many(experiment: Experiment, layer: int) -> bool:
    return len(experiment.feed_forward.layers[layer - 1].activations) > MOST_PARTS


def _is_plain(experiment: Experiment, layer: int) -> bool:
    layers = experiment.feed_forward.layers
    return layers[layer - 1].is_plain and layers[layer].skip is None


def _factor_name(experiment: Experiment, layer: int) -> str:
    """Returns how the factors from the output down to a layer are called."""
    is_chi = all(_is_plain(experiment, number) for number in range(layer, experiment.feed_forward.depth))
    return CHI if is_chi else OTHER


def _factor(name: str, layer: int | str) -> Symbol:
    return Symbol(name, superscript=str(layer))


def _result(prediction: Prediction, layer: int, square: float, measured: GradientProfile | None) -> DerivationStep:
    delta, weight = prediction.profile("delta"), prediction.profile("weight")
    if delta is None or weight is None or weight.log10_deviation is None:
        raise ValueError("the prediction has no gradients of layers")
    predicted, spread = float(weight.log10_norm[layer - 1]), float(weight.log10_deviation[layer - 1])
    gradient = Norm(Partial(Symbol("L"), Symbol("W", superscript=str(layer), bold=True)))
    if predicted == -math.inf:
        note = "Exactly 0, whatever weights are drawn."
    else:
        note = f"Medians over seeds; two of three draws of the weights lie within a factor {number_text(10**spread)}."
    if measured is not None and len(measured.log10_norm) >= layer:
        ratio = float(measured.log10_norm[layer - 1]) - predicted
        if math.isfinite(ratio):
            note += f" Measured at step {measured.step}: {_ratio(ratio)} times that."
    lines = (
        Relation((_mean_square(layer), magnitude(square))),
        Relation((Norm(_delta(layer)), magnitude(float(delta.log10_norm[layer - 1]))), "approx"),
        Relation((gradient, magnitude(predicted)), "approx"),
    )
    return DerivationStep(kind=StepKind.RESULT, title="Result", lines=lines, note=note)


def _ratio(log10: float) -> str:
    return number_text(10**log10) if abs(log10) < 4 else f"10^{log10:.1f}"


def _is_normal(size: float) -> bool:
    """Whether a size has all digits of float64."""
    return sys.float_info.min <= size < math.inf


def _number(value_: float) -> Formula:
    return Number(value_) if math.isfinite(value_) else magnitude(value_)


def _mean(body: Formula) -> Formula:
    return Product((Symbol("E"), Bracket(body, square=True)), "thin")


def _mean_square(layer: int | str) -> Formula:
    return _mean(Power(Norm(_delta(layer)), Number(2.0)))


def _normal(layer: int) -> Formula:
    return Symbol("z", superscript=str(layer))


def _square(name: str, subscript: str) -> Formula:
    return Power(Symbol(name, subscript), Number(2.0))


def _delta(layer: int | str) -> Symbol:
    return Symbol("delta", superscript=str(layer), bold=True)
