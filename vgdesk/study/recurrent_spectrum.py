"""Use case: what W_hh of a drawn recurrent network says about vanishing, and what the network itself does.

States and gates are those of the first example of a run, from the same kernels that train; Jacobians of single steps
and their products are `vgdesk.theory.step_jacobians`.
"""

import math
from collections.abc import Iterator

import numpy as np

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.lag_fit import half_life, straight_fit
from vgdesk.records.number_format import FORMATS
from vgdesk.records.parameters import Parameters
from vgdesk.records.spectrum import CellPath, GateSpectrum, LagFit, RecurrentSpectrum
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent, VanillaCell
from vgdesk.study.predict import first_examples
from vgdesk.theory.activations import PHI
from vgdesk.theory.recurrent import cell_path_lag, steepest_slope
from vgdesk.theory.step_jacobians import gru_jacobian, log10_norms, lstm_jacobian, rnn_jacobian
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

MOST_WORK = 4e11
"""Multiplications; a minute of them."""
_LETTERS = {"rnn": ("",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}


def recurrent_spectrum(experiment: Experiment) -> RecurrentSpectrum:
    """Returns the spectrum of W_hh and the measured decay over the lag.

    Raises
    ------
    SpecError
        The network is not recurrent or too large, or its examples cannot be had.
    """
    network = _require_recurrent(experiment)
    parameters = draw(experiment)
    W_hh = parameters.weights[1]
    gates = tuple(
        _gate(letter, block)
        for letter, block in zip(_LETTERS[network.cell_kind], np.split(W_hh, network.gates), strict=True)
    )
    steepest = steepest_slope(network.cell.activation) if isinstance(network.cell, VanillaCell) else None
    arguments, states = gates_and_states(experiment, parameters)
    norms = log10_norms(jacobians_back(network, parameters, arguments, states), network.width)
    lags, fit = np.arange(len(norms)), straight_fit(norms)
    bound = [] if steepest is None else _bound(steepest * gates[0].largest_singular_value, len(norms))
    return RecurrentSpectrum(
        experiment=experiment.name,
        cell=network.cell_kind,
        gates=gates,
        steepest=steepest,
        verdict=_verdict(gates[0], steepest),
        lags=frozen(lags),
        log10_norm=frozen(norms),
        log10_bound=frozen(bound),
        fit=None if fit is None else LagFit(*fit, half_life(fit[1])),
        cell_path=_cell_path(network.cell, arguments) if isinstance(network.cell, Lstm) else None,
    )


def _require_recurrent(experiment: Experiment) -> Recurrent:
    network = experiment.network
    if not isinstance(network, Recurrent):
        raise SpecError(
            f"a spectrum of W_hh needs a recurrent network; {experiment.name!r} is feed-forward, see `vgdesk jacobian`"
        )
    work = 2 * (4 if isinstance(network.cell, Lstm) else 1) * network.steps * network.width**3
    if work > MOST_WORK:
        raise SpecError(
            f"the Jacobians of {experiment.name!r} must take at most {MOST_WORK:.0e} multiplications, got {work:.1e}; "
            "use fewer units or time steps"
        )
    return network


def _gate(letter: str, W: np.ndarray) -> GateSpectrum:
    eigenvalues = np.linalg.eigvals(W)
    return GateSpectrum(
        gate=letter,
        real=frozen(eigenvalues.real),
        imaginary=frozen(eigenvalues.imag),
        spectral_radius=float(np.max(np.abs(eigenvalues))),
        largest_singular_value=float(np.linalg.norm(W, 2)),
    )


def gates_and_states(experiment: Experiment, parameters: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """Returns the arguments of all gates, shape (T, gates x width), and h_0, ..., h_T, shape (T + 1, width)."""
    data = first_examples(experiment)
    found = gradient(experiment, parameters, data.inputs[:1], data.targets[:1])
    arguments = np.array([a[0] for a in found.preactivations])
    states = np.array([h[0] for h in found.activations])
    if not np.all(np.isfinite(arguments)):
        raise SpecError(f"the states of {experiment.name!r} are not finite; draw smaller weights")
    return arguments, states


def jacobians_back(
    network: Recurrent, parameters: Parameters, arguments: np.ndarray, states: np.ndarray
) -> Iterator[np.ndarray]:
    """Yields the Jacobian of each step back, the last time step's first; there are T - 1 of them."""
    W_hh, steps = parameters.weights[1], range(network.steps - 1, 0, -1)
    match network.cell:
        case VanillaCell():
            yield from (rnn_jacobian(network.cell.activation, W_hh, arguments[t]) for t in steps)
        case Lstm():
            c = _cells(arguments)
            yield from (lstm_jacobian(W_hh, arguments[t], c[t], c[t + 1]) for t in steps)
        case Gru():
            after = network.cell.reset == "after"
            b_hn = parameters.others["b_hn"] if after else np.zeros(network.width)
            yield from (gru_jacobian(after, W_hh, arguments[t], states[t], b_hn) for t in steps)


def _cells(arguments: np.ndarray) -> np.ndarray:
    """Returns c_0, ..., c_T of an LSTM, shape (T + 1, width)."""
    i, f, g, _ = np.split(arguments, 4, axis=1)
    i, f, g = PHI["sigmoid"].value(i), PHI["sigmoid"].value(f), np.tanh(g)
    cells = np.zeros((len(i) + 1, i.shape[1]))
    for t in range(len(i)):
        cells[t + 1] = f[t] * cells[t] + i[t] * g[t]
    return cells


def _bound(factor: float, lags: int) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.arange(lags) == 0, 0.0, np.arange(lags) * np.log10(factor))


def _cell_path(cell: Lstm, arguments: np.ndarray) -> CellPath:
    """Returns dc_T/dc_t on the direct path over the lag, the last time step first."""
    # log sigmoid(x) = -log(1 + e^-x)
    logs = -np.logaddexp(0.0, -np.split(arguments, 4, axis=1)[1][:0:-1]) / math.log(10)
    sums = np.vstack([np.zeros(logs.shape[1]), np.cumsum(logs, axis=0)])
    largest = sums.max(axis=1, keepdims=True)
    log10 = largest[:, 0] + 0.5 * np.log10(np.mean(10.0 ** (2 * (sums - largest)), axis=1))
    marks = math.log10(0.5), -1.0, FORMATS["float32"].log10_zero
    measured = [lag_below(log10, mark) for mark in marks]
    predicted = [cell_path_lag(cell.forget_bias, 10.0**mark) for mark in marks]
    return CellPath(
        log10=frozen(log10),
        half=measured[0],
        tenth=measured[1],
        float32=measured[2],
        predicted_half=predicted[0],
        predicted_tenth=predicted[1],
        predicted_float32=predicted[2],
    )


def lag_below(log10: np.ndarray, mark: float) -> float:
    """Returns the lag at which a falling line reaches `mark`: between two lags by a straight line, beyond the last one
    at the mean slope so far; infinite where it does not fall.
    """
    below = np.flatnonzero(log10 <= mark)
    if len(below):
        after = int(below[0])
        before = after - 1
        return before + float((mark - log10[before]) / (log10[after] - log10[before]))
    slope = float(log10[-1]) / max(1, len(log10) - 1)
    return mark / slope if slope < 0.0 else math.inf


def _verdict(gate: GateSpectrum, steepest: float | None) -> str:
    """Returns what the matrix promises, and that its eigenvalues do not."""
    if steepest is None:
        return (
            "A cell with gates has a direct path past W_hh, so neither eigenvalues nor singular values of its blocks "
            "decide whether gradients vanish; the measured line does."
        )
    factor = steepest * gate.largest_singular_value
    radius = f"the spectral radius {gate.spectral_radius:.3g} promises nothing"
    if abs(factor - 1.0) < 1e-9:
        return f"Gradients cannot explode: max φ′ times the largest singular value is 1; they may vanish ({radius})."
    if factor < 1.0:
        return f"Gradients must vanish: max φ′ times the largest singular value is {factor:.3g} < 1 ({radius})."
    return (
        f"Nothing is promised: max φ′ times the largest singular value is {factor:.3g} ≥ 1, so gradients may vanish, "
        f"stay or explode ({radius}, whichever side of 1 it lies on)."
    )
