"""Recurrent networks: how the gradient decays with the time lag, from the spec, and from a drawn W_hh.

From the spec, with E over the random weights, widths large:

    rnn    q_t = sigma_ih^2 <x_t^2> + sigma_hh^2 E[h_(t-1)^2] + sigma_b^2
           |dL/dh_(t-1)|^2 = own + sigma_hh^2 E[phi'(q_t)^2] |dL/dh_t|^2

where "own" is what the output at that step gives. LSTM and GRU: `vgdesk.theory.cells`, `vgdesk.theory.through_time`.

Of drawn weights, with D_t = diag(phi'(a_t)) (Pascanu, Mikolov & Bengio
2013, section 2.1):

    |dh_T / dh_t| <= (max phi' * largest singular value of W_hh)^(T-t)

so gradients must vanish where the largest *singular* value is below 1 / max phi'. The spectral radius decides nothing:
a W with W^2 = 0 may still let gradients through, because D_t stands between two of its factors.
"""

import math
from typing import NamedTuple

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.activation import own_formula
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.formula.behaviour import behaviour_of
from vgdesk.spec.initialisation import Identity
from vgdesk.spec.recurrent import Lstm, Recurrent, VanillaCell
from vgdesk.theory.activations import LARGEST_VARIANCE, phi_of
from vgdesk.theory.band import Ending
from vgdesk.theory.cells import Steps, gru_steps, lstm_steps, rnn_steps
from vgdesk.theory.initialisation import Start, rule_start
from vgdesk.theory.outputs import output_products
from vgdesk.theory.predict import MOST_EXAMPLES
from vgdesk.theory.through_time import SELF_GROWTH, growth_of_state, log_squares
from vgdesk.theory.time_band import TimeScatter, memory_of_slopes, replies_of, time_scatter


class WeightSpectrum(NamedTuple):
    """Tells what a drawn W_hh alone says about vanishing.

    Attributes
    ----------
    spectral_radius
        Largest modulus of an eigenvalue.
    largest_singular_value
        |W_hh|_2.
    steepest
        max phi'.
    must_vanish
        Whether steepest * largest_singular_value < 1: a sufficient condition, whatever the inputs.
    """

    spectral_radius: float
    largest_singular_value: float
    steepest: float
    must_vanish: bool

    def log10_bound(self, lag: int) -> float:
        """Returns log10 of the largest possible |dh_T / dh_(T-lag)|_2."""
        factor = self.steepest * self.largest_singular_value
        return lag * math.log10(factor) if factor > 0.0 else (0.0 if lag == 0 else -math.inf)


def weight_spectrum(W_hh: np.ndarray, activation: str) -> WeightSpectrum:
    """Returns what the eigenvalues and singular values of a square matrix say.

    Raises
    ------
    SpecError
        The matrix is not square or not finite.
    """
    if W_hh.ndim != 2 or W_hh.shape[0] != W_hh.shape[1] or not np.all(np.isfinite(W_hh)):
        raise SpecError(f"W_hh must be a square matrix of finite numbers, got shape {W_hh.shape}")
    radius = float(np.max(np.abs(np.linalg.eigvals(W_hh))))
    largest, steepest = float(np.linalg.norm(W_hh, 2)), steepest_slope(activation)
    return WeightSpectrum(radius, largest, steepest, steepest * largest < 1.0)


def steepest_slope(activation: str) -> float:
    """Returns max |phi'| (to 1e-9 where it is not at 0)."""
    own = own_formula(activation)
    if own is not None:
        return behaviour_of(own).steepest.value
    z = np.concatenate([np.linspace(-8.0, 8.0, 200_001), [-1e3, 1e3]])
    return float(np.max(np.abs(phi_of(activation).slope(z))))


def cell_path(forget_bias: float, lag: int) -> float:
    """Returns log10 of dc_T/dc_(T-lag) on the direct path where only the bias opens the forget gate."""
    return -lag * math.log10(1.0 + math.exp(-forget_bias))


def cell_path_lag(forget_bias: float, ratio: float) -> float:
    """Returns the lag at which the direct cell path has fallen to `ratio`, in time steps; `ratio` in (0, 1)."""
    if not 0.0 < ratio < 1.0:
        raise SpecError(f"ratio must lie between 0 and 1, got {ratio!r}")
    return math.log(ratio) / -math.log1p(math.exp(-forget_bias))


def predict_recurrent(
    experiment: Experiment, network: Recurrent, inputs: np.ndarray, targets: np.ndarray
) -> Prediction:
    """Returns the predicted |dL/dh_t| of every time step at the first step of training.

    Parameters
    ----------
    inputs, targets
        The examples of the first step, shapes (B, time steps, inputs) and (B, output steps, outputs).
    """
    batch, shown = len(inputs), slice(0, MOST_EXAMPLES)
    own_rule = network.recurrent_initialisation or experiment.initialisation
    if isinstance(own_rule, Identity):
        return Prediction(experiment=experiment.name, profiles=(), reason=_IDENTITY)
    on_inputs = rule_start(experiment.initialisation, network.inputs, network.width)
    on_state = rule_start(own_rule, network.width, network.width)
    steps = _steps(network, on_inputs, on_state, np.mean(inputs**2, axis=(0, 2)))
    if not np.all(np.isfinite(steps.square)) or float(np.max(steps.square)) > LARGEST_VARIANCE:
        first = int(np.argmax(~(steps.square < LARGEST_VARIANCE))) + 1
        reason = f"the variance of h grows without bound: at time step {first} it exceeds 1e200"
        return Prediction(experiment=experiment.name, profiles=(), reason=reason)
    if growth_of_state(steps.back, isinstance(network.cell, Lstm)) > SELF_GROWTH:
        reason = (
            "the direct path and W_hh together make the state grow by itself until it saturates; time steps are then "
            "too alike for this theory"
        )
        return Prediction(experiment=experiment.name, profiles=(), reason=reason)
    own, output = _own(experiment, network, steps, inputs[shown], targets[shown], batch)
    log_square = log_squares(steps.back, own, isinstance(network.cell, Lstm))
    found = _scatter(network, on_inputs, on_state, steps, inputs)
    return Prediction(
        experiment=experiment.name,
        profiles=(
            _profile(experiment.name, log_square + found.drift + output.delta_drift, found.variance + output.delta),
        ),
        variances=frozen(steps.argument),
        chi=frozen([back.aligned + back.scattered + back.scattered_state for back in steps.back[1:]]),
        note=_NOTE,
    )


_IDENTITY = (
    "W_hh starts as a multiple of the identity, which is not random: every unit goes on with its own state, and a unit "
    "that is open stays open; theory is of matrices that mix units"
)
_NOTE = "the scatter over seeds is a rough guess: time steps share their weights"


def _scatter(network: Recurrent, on_inputs: Start, on_state: Start, steps: Steps, inputs: np.ndarray) -> TimeScatter:
    """Returns what finite width does; only of the simple cell phi' is followed from step to step."""
    memory, replies = math.inf, np.zeros(network.steps)
    if isinstance(network.cell, VanillaCell):
        activation, given = network.cell.activation, on_inputs.weight * np.mean(inputs**2, axis=(0, 2))
        steady = on_inputs.bias + on_inputs.weight * float(np.mean(inputs.mean(axis=1) ** 2))
        memory = memory_of_slopes(activation, steps.argument, np.full(network.steps, steady))
        replies = replies_of(activation, on_state.weight, steps.argument, given)
    return time_scatter(steps.back, network.width, on_state.is_orthogonal, memory, replies)


def _steps(network: Recurrent, on_inputs: Start, on_state: Start, x_square: np.ndarray) -> Steps:
    match network.cell:
        case VanillaCell():
            return rnn_steps(network.cell.activation, on_inputs, on_state, x_square)
        case Lstm():
            return lstm_steps(network.cell.forget_bias, on_inputs, on_state, x_square)
        case _:
            return gru_steps(network.cell.reset == "after", on_inputs, on_state, x_square)


def _own(
    experiment: Experiment,
    network: Recurrent,
    steps: Steps,
    inputs: np.ndarray,
    targets: np.ndarray,
    batch: int,
) -> tuple[np.ndarray, Ending]:
    """Returns sum |dL/dh_t|^2 that the output at each time step gives directly, of the batch-mean loss.

    And what its scatter is: that of one output step alone, over the number of them.
    """
    start = rule_start(experiment.initialisation, network.width, network.outputs)
    own, variance, drift = np.zeros(network.steps), 0.0, 0.0
    first = network.steps - network.output_steps
    for place in range(network.output_steps):
        # states are taken as equally alike as their inputs, which matters little for sums over single examples
        K = (start.weight * steps.square[first + place]) * np.eye(len(inputs)) + start.bias
        found = output_products(K, targets[:, place], phi_of(network.output_activation), experiment.loss, 0.0)
        variance, drift = variance + found.scatter.delta, drift + found.scatter.delta_drift
        own[first + place] = start.weight * float(np.mean(np.diagonal(found.delta))) / batch
    count = network.output_steps
    return own / count**2, Ending(variance / count**2, 0.0, drift / count**2, 0.0)


def _profile(name: str, log_square: np.ndarray, variance: np.ndarray) -> GradientProfile:
    return GradientProfile(
        experiment=name,
        route="theory",
        quantity="state",
        log10_norm=frozen(log_square / (2 * math.log(10))),
        places=Places.TIME,
        log10_deviation=frozen(np.sqrt(variance) / (2 * math.log(10))),
    )
