"""Recurrent networks: how the gradient decays with the time lag, from the spec alone.

With E over the random weights, widths large:

    rnn    q_t = sigma_ih^2 <x_t^2> + sigma_hh^2 E[h_(t-1)^2] + sigma_b^2
           |dL/dh_(t-1)|^2 = own + sigma_hh^2 E[phi'(q_t)^2] |dL/dh_t|^2

where "own" is what the output at that step gives. LSTM and GRU: `vgdesk.theory.cells`, `vgdesk.theory.through_time`.
Where finite width decides, networks are drawn: `vgdesk.theory.drawn_time`.
"""

import math

import msgspec
import numpy as np

import vgdesk.theory.time_reasons as reasons
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places
from vgdesk.records.prediction import Prediction
from vgdesk.records.profile import GradientProfile
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Identity
from vgdesk.spec.recurrent import Lstm, Recurrent, VanillaCell
from vgdesk.theory.activations import LARGEST_VARIANCE, phi_of
from vgdesk.theory.band import Ending, log10_deviation
from vgdesk.theory.cells import Steps, gru_steps, lstm_steps, rnn_steps
from vgdesk.theory.drawn_budget import is_bounded
from vgdesk.theory.drawn_sequences import Law
from vgdesk.theory.drawn_time import DrawnTime, Growing, Undrawn, drawn_time
from vgdesk.theory.growing_time import growing_line, last_gradients
from vgdesk.theory.initialisation import Start, rule_start
from vgdesk.theory.outputs import output_products
from vgdesk.theory.predict import MOST_EXAMPLES
from vgdesk.theory.through_time import SELF_GROWTH, growth_of_state, log_squares
from vgdesk.theory.time_band import TimeScatter, memory_of_slopes, replies_of, time_scatter

_GROWTH = 1.5
"""By how much E[h^2] of a wide cell grows over half of the steps, where it is said to."""
_LARGEST = 1e140
"""E[h^2] whose square theory of the output can take."""


def predict_recurrent(
    experiment: Experiment, network: Recurrent, inputs: np.ndarray, targets: np.ndarray
) -> Prediction:
    """Returns the predicted |dL/dh_t| of every time step at the first step of training.

    Parameters
    ----------
    inputs, targets
        The examples of the first step, shapes (B, time steps, inputs) and (B, output steps, outputs).
    """
    law, has_cell = _law(experiment, network), isinstance(network.cell, Lstm)
    if law.gain is not None and isinstance(experiment.initialisation, Identity):
        return _none(experiment, reasons.ALL_ALIKE)
    if reason := reasons.too_fine(experiment, network, law):
        return _none(experiment, reason)
    if law.gain is not None:
        alone = drawn_time(law, network.steps, inputs, targets)
        if isinstance(alone, Undrawn):
            return _none(experiment, reasons.LONE_SILENT if alone is Undrawn.SILENT else reasons.LONE_BEYOND)
        return _of_drawn(experiment, network, alone, inputs, targets)
    steps = _steps(network, law.on_inputs, law.on_state, np.mean(inputs**2, axis=(0, 2)))
    if beyond := _first_beyond(network, steps, LARGEST_VARIANCE):
        return _none(experiment, beyond)
    feeds_on_itself = growth_of_state(steps.back, has_cell) > SELF_GROWTH
    drawn = drawn_time(law, network.steps, inputs, targets)
    if isinstance(drawn, DrawnTime):
        found = _of_drawn(experiment, network, drawn, inputs, targets)
        return found if feeds_on_itself else _with_moments(found, steps)
    # weights that start as 0 are no draws, and formulas say exactly that
    if drawn is Undrawn.SILENT and law.on_state.weight > 0.0 and law.on_output.weight > 0.0:
        return _none(experiment, reasons.SILENT)
    if drawn is Undrawn.APART:
        return _none(experiment, reasons.APART)
    if feeds_on_itself:
        return _none(experiment, reasons.FEEDS_ON_ITSELF)
    return _of_formula(experiment, network, steps, inputs, targets)


def _of_formula(
    experiment: Experiment, network: Recurrent, steps: Steps, inputs: np.ndarray, targets: np.ndarray
) -> Prediction:
    """Returns what moments of wide cells say."""
    if beyond := _first_beyond(network, steps, _LARGEST):
        return _none(experiment, beyond)
    law, has_cell = _law(experiment, network), isinstance(network.cell, Lstm)
    square = steps.square[-network.output_steps :]
    # states are taken as unlike each other, which matters little for sums over single examples
    own, output = _own(experiment, network, square, np.zeros_like(square), targets, len(inputs))
    scatter = _scatter(network, law.on_inputs, law.on_state, steps, inputs)
    line = log_squares(steps.back, own, has_cell) + scatter.drift + output.delta_drift
    profile = _profile(experiment.name, line, scatter.variance + output.delta)
    note = reasons.GROWS if _is_growing(network, steps) else reasons.ROUGH
    return _with_moments(Prediction(experiment=experiment.name, profiles=(profile,), note=note), steps)


def _first_beyond(network: Recurrent, steps: Steps, largest: float) -> str:
    """Returns a reason where E[h^2] is larger at some time step, else nothing."""
    is_beyond = ~(steps.square <= largest)
    return reasons.first_beyond(network.cell, int(np.argmax(is_beyond)) + 1, largest) if is_beyond.any() else ""


def _none(experiment: Experiment, reason: str) -> Prediction:
    return Prediction(experiment=experiment.name, profiles=(), reason=reason)


def _is_growing(network: Recurrent, steps: Steps) -> bool:
    """Whether E[h^2] still grows over the second half of the sequence: twofold where a linear cell is critical."""
    middle, last = steps.square[(network.steps - 1) // 2], steps.square[-1]
    return not is_bounded(network.cell) and network.steps > 1 and float(last) > _GROWTH * float(middle)


def _with_moments(found: Prediction, steps: Steps) -> Prediction:
    chi = [back.aligned + back.scattered + back.scattered_state for back in steps.back[1:]]
    return msgspec.structs.replace(found, variances=frozen(steps.argument), chi=frozen(chi))


def _of_drawn(
    experiment: Experiment, network: Recurrent, drawn: DrawnTime, inputs: np.ndarray, targets: np.ndarray
) -> Prediction:
    """Returns what drawn networks pass on of what theory says of the output."""
    if drawn.growing is not None:
        return _of_growing(experiment, network, drawn.growing, targets, len(inputs))
    outputs = slice(-network.output_steps, None)
    own, output = _own(experiment, network, drawn.square[outputs], drawn.common[outputs], targets, len(inputs))
    line = math.log(max(own[-1], 1e-300)) + output.delta_drift + drawn.line
    # how long the output's weights are
    variance = output.delta + 2.0 / network.width + drawn.variance
    note = "" if drawn.run == network.steps else reasons.continued(drawn.run, network.steps)
    return Prediction(experiment=experiment.name, profiles=(_profile(experiment.name, line, variance),), note=note)


def _of_growing(
    experiment: Experiment, network: Recurrent, growing: Growing, targets: np.ndarray, batch: int
) -> Prediction:
    """Returns what draws whose states grow, each at its own rate, have as gradients."""
    start = rule_start(experiment.initialisation, network.width, network.outputs)
    read = targets[:, -1], network.output_activation, experiment.loss
    line, variance = growing_line(growing.logs, *last_gradients(growing.size, growing.alike, start, *read))
    line = line - math.log(batch * network.output_steps**2)
    profile = _profile(experiment.name, line, variance + 2.0 / network.width)
    return Prediction(experiment=experiment.name, profiles=(profile,))


def _law(experiment: Experiment, network: Recurrent) -> Law:
    """Returns how the network's draws are made."""
    rule = network.recurrent_initialisation or experiment.initialisation
    return Law(
        cell=network.cell,
        width=network.width,
        on_inputs=rule_start(experiment.initialisation, network.inputs, network.width),
        on_state=rule_start(rule, network.width, network.width),
        gain=rule.gain if isinstance(rule, Identity) else None,
        on_output=rule_start(experiment.initialisation, network.width, network.outputs),
        output_activation=network.output_activation,
        loss=experiment.loss,
        output_steps=network.output_steps,
    )


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
    square: np.ndarray,
    common: np.ndarray,
    targets: np.ndarray,
    batch: int,
) -> tuple[np.ndarray, Ending]:
    """Returns sum |dL/dh_t|^2 that the output at each time step gives directly, of the batch-mean loss.

    And what its scatter is: that of one output step alone, over the number of them. `square` and `common` are E[h^2]
    and E[h h'] of two examples at the output steps.
    """
    start, shown = rule_start(experiment.initialisation, network.width, network.outputs), targets[:MOST_EXAMPLES]
    own, variance, drift = np.zeros(network.steps), 0.0, 0.0
    count = network.output_steps
    for place, (own_square, shared) in enumerate(zip(square.tolist(), common.tolist(), strict=True)):
        K = start.weight * (own_square - shared) * np.eye(len(shown)) + (start.weight * shared + start.bias)
        found = output_products(K, shown[:, place], phi_of(network.output_activation), experiment.loss, 0.0)
        variance, drift = variance + found.scatter.delta, drift + found.scatter.delta_drift
        own[place - count] = start.weight * float(np.mean(np.diagonal(found.delta))) / batch
    return own / count**2, Ending(variance / count**2, 0.0, drift / count**2, 0.0)


def _profile(name: str, log_square: np.ndarray, variance: np.ndarray) -> GradientProfile:
    return GradientProfile(
        experiment=name,
        route="theory",
        quantity="state",
        log10_norm=frozen(log_square / (2 * math.log(10))),
        places=Places.TIME,
        log10_deviation=frozen(log10_deviation(log_square, variance)),
    )
