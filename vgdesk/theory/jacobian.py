"""The end-to-end Jacobian of a wide network: mean and variance of its squared singular values, its density if linear.

J = product of D_l W_l, D_l = diag(phi'(z^l)). With tau(M) the mean of the diagonal of M = J J^T after some layers,
r = units / units below, s = sigma_w^2 and mu_k = E[phi'^(2k)], free independence of matrices gives

    X = W M W^T     tau(X) = s tau(M)
                    tau(X^2) = s^2 (tau(M)^2 + r tau(M^2))              Gaussian
                               s^2 r tau(M^2)                           orthogonal, r >= 1
                               s^2 (r tau(M^2) + (1 - r) tau(M)^2)      orthogonal, r < 1
    D X D           tau = mu_1 tau(X);  tau^2 = mu_1^2 tau(X^2) + (mu_2 - mu_1^2) tau(X)^2

For L equal square layers this is L (mu_2 / mu_1^2 - 1 - s_1) = Var(s^2) / mean^2, s_1 = -1 of Gaussian and 0 of
orthogonal matrices (Pennington, Schoenholz & Ganguli 2017, "Resurrecting the sigmoid in deep learning through dynamical
isometry"). A skip connection h + phi(W h) has (I + D W) M (I + D W)^T.

A product of L square Gaussian matrices has the Fuss-Catalan density of x = s^2 (mean 1), with phi in (0, pi / (L+1)):

    x = sin(phi)^-1 sin(L phi)^-L sin((L+1) phi)^(L+1)
    density = sin(phi)^2 sin(L phi)^(L-1) / (pi sin((L+1) phi)^L)                 Neuschel 2014
"""

import math
from typing import NamedTuple

import msgspec
import numpy as np

from vgdesk.records.jacobian import SquareMoments
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Identity
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.theory.batch_norm import BatchScale
from vgdesk.theory.initialisation import Start, layer_start
from vgdesk.theory.layers import SMALLEST_BATCH
from vgdesk.theory.rough import too_few_examples
from vgdesk.theory.signals import Passed, inputs_signal
from vgdesk.theory.through_layer import enter, leave, too_large, too_small
from vgdesk.theory.units import has_same_units, layer_pairs, least_known

CURVE_POINTS = 400
_SMALLEST_SLOPE = 1e-150
"""Of mu_1: below it the square is no normal number of float64."""


class Factor(NamedTuple):
    """Is one layer of the product.

    Attributes
    ----------
    rows, columns
        Units, and units below.
    weight
        sigma_w^2, and what a normalisation divides by.
    is_orthogonal
        Whether W keeps lengths.
    slope_square, slope_fourth
        mu_1 and mu_2.
    is_residual
        Whether a skip connection leads past the layer.
    """

    rows: int
    columns: int
    weight: float
    is_orthogonal: bool
    slope_square: float
    slope_fourth: float
    is_residual: bool = False


def jacobian_factors(experiment: Experiment, inputs: np.ndarray) -> tuple[Factor, ...] | str:
    """Returns every layer's factor at the first of the inputs, or the sentence why there is no prediction.

    Parameters
    ----------
    inputs
        Shape (B, inputs); batch normalisation uses all of them, and its mean and deviation count as fixed.
    """
    network = experiment.feed_forward
    refusal = _refusal(experiment, len(inputs))
    if refusal:
        return refusal
    has_batch = any(layer.normalisation == "batch" for layer in network.layers)
    signal, factors = inputs_signal(inputs if has_batch else inputs[:1]), []
    known: Passed | None = None
    for number, layer in enumerate(network.layers, start=1):
        plain, start = msgspec.structs.replace(layer, dropout=0.0), layer_start(experiment, number)
        entered = enter(plain, start, signal)
        if entered is None:
            return too_large(number, least_known(layer))
        if reason := too_small(plain, entered, number):
            return reason
        factors.append(_factor(plain, start, entered, network.widths[number - 1]))
        if number < network.depth:
            is_like = known is not None and has_same_units(layer, network.layers[number - 2])
            known, signal = leave(plain, entered, known.phi if is_like and known is not None else None)
    return tuple(factors)


def _refusal(experiment: Experiment, batch: int) -> str:
    layers = experiment.feed_forward.layers
    rules = [experiment.layer_initialisation(number) for number in range(1, len(layers) + 1)]
    if any(isinstance(rule, Explicit | Identity) for rule in rules):
        return "The weights are given, not drawn; theory is about random ones."
    if any(isinstance(layer.skip, Highway) for layer in layers):
        return "The gates of a highway have no predicted spectrum."
    if any(layer.normalisation == "batch" for layer in layers) and batch < SMALLEST_BATCH:
        reason = too_few_examples(batch)
        return f"{reason[0].upper()}{reason[1:]}."
    return ""


def _factor(layer: DenseLayer, start: Start, entered: Passed, below: int) -> Factor:
    at = layer_pairs(layer, entered.q).at
    scale = entered.scale
    divided = 1.0
    if scale is not None:
        divided = scale.reciprocal if isinstance(scale, BatchScale) else float(np.mean(np.diagonal(scale)))
        divided = math.ldexp(divided, -2 * entered.divided)
    is_residual = isinstance(layer.skip, Residual)
    return Factor(
        layer.width,
        below,
        start.weight * divided,
        start.is_orthogonal,
        at.slope_square,
        at.slope_fourth,
        is_residual,
    )


def predicted_moments(factors: tuple[Factor, ...], is_orthogonal: bool | None = None) -> SquareMoments:
    """Returns the moments of the squared singular values of the product.

    Parameters
    ----------
    factors
        The layers, the one next to the input first.
    is_orthogonal
        Draws all matrices of this kind; None keeps each layer's own.
    """
    log_mean, second = 0.0, 1.0  # tau(M) = e^log_mean, tau(M^2) = second tau(M)^2
    for factor in factors:
        kept = factor if is_orthogonal is None else factor._replace(is_orthogonal=is_orthogonal)
        if min(kept.weight, kept.slope_square) <= 0.0 and not kept.is_residual:
            return SquareMoments(-math.inf, math.nan)
        log_first, second = _through(kept, second)
        log_mean += log_first
    outputs, inputs = factors[-1].rows, factors[0].columns
    # J J^T has outputs - inputs zeros that are no singular values of J
    share = max(1.0, outputs / inputs)
    variance = second / share - 1.0
    return SquareMoments((log_mean + math.log(share)) / math.log(10), 0.0 if variance < 0.0 else variance)


def _through(factor: Factor, second: float) -> tuple[float, float]:
    """Returns ln tau(M) and tau(M^2) / tau(M)^2 after the layer, from tau(M) = 1 and tau(M^2) = second before it.

    Everything is divided by s^2 mu_1^2, whose numbers leave float64 long before their logarithm says anything odd.
    """
    r, a_1 = factor.rows / factor.columns, factor.weight * factor.slope_square
    spread = (0.0 if factor.is_orthogonal else 1.0) + r * second
    if factor.is_orthogonal and r < 1.0:
        spread += 1.0 - r
    branch = spread + _slope_kurtosis(factor) - 1.0
    if not factor.is_residual:
        return math.log(factor.weight) + math.log(factor.slope_square), branch
    past = 1.0 / (1.0 + a_1)  # the share of tau(M) that comes by the skip connection
    through = 1.0 - past
    through_square = through**2 * branch if through else 0.0  # of a branch that is lost in the 1 beside it
    return math.log1p(a_1), past**2 * second + 2.0 * past * through * (1.0 + second) + through_square


def _slope_kurtosis(factor: Factor) -> float:
    """Returns mu_2 / mu_1^2, at least 1; nan where the slopes are so small that float64 has no mu_2."""
    return factor.slope_fourth / factor.slope_square**2 if factor.slope_square > _SMALLEST_SLOPE else math.nan


def linear_density(factors: tuple[Factor, ...]) -> tuple[np.ndarray, np.ndarray] | None:
    """Returns (log10 s, density over log10 s) of a product of Gaussian matrices, or None where no form is known.

    The network must be linear, plain, and of one width from the inputs to the outputs.
    """
    widths = {factor.rows for factor in factors} | {factors[0].columns}
    is_linear = all(f.slope_square == 1.0 and f.slope_fourth == 1.0 and not f.is_residual for f in factors)
    if len(widths) > 1 or not is_linear or any(factor.weight <= 0.0 for factor in factors):
        return None
    log10_x, density = fuss_catalan(len(factors))
    mean = sum(math.log10(factor.weight) for factor in factors)
    # x = s^2: dx = 2 ln(10) x d(log10 s)
    return (log10_x + mean) / 2, density * 10.0**log10_x * 2 * math.log(10)


def fuss_catalan(factors: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns log10 x (increasing) and the density of x = s^2 of a product of so many square Gaussian matrices."""
    place = np.linspace(1.0, 0.0, CURVE_POINTS + 2)[1:-1] * math.pi / (factors + 1)
    one, own, next_one = np.sin(place), np.sin(factors * place), np.sin((factors + 1) * place)
    log_x = (factors + 1) * np.log(next_one) - np.log(one) - factors * np.log(own)
    log_density = 2 * np.log(one) + (factors - 1) * np.log(own) - math.log(math.pi) - factors * np.log(next_one)
    return log_x / math.log(10), np.exp(log_density)
