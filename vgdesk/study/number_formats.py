"""Use case: at which layer or time step each number format would lose the gradient, predicted and measured.

Measured: dL/dh and dL/dW of one batch are computed exactly (float64, scaled) and every number of them is asked what a
format would have stored. Predicted, for dL/dh: theory gives the typical number sigma of a place, and numbers scatter
around 0 like a normal variable, so that the share below the format's limit x is erf(x / (sigma sqrt 2)).

A place is called lost when half of its numbers would be 0. Formats that multiply in higher precision and store in this
one, as matrix units do, lose at the same places.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import erf

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.format_loss import LOST_SHARE, FormatLoss, FormatReport
from vgdesk.records.number_format import FORMATS, NumberFormat
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import signal_places, weight_places
from vgdesk.spec.experiment import Experiment
from vgdesk.study.predict import first_examples, predict
from vgdesk.training.gradient import gradient
from vgdesk.training.loop import Trainer, prepared

_TINY = 1e-300
"""Below this the values themselves have lost digits; their norm, which is scaled, tells how small they are."""


def compare_formats(experiment: Experiment, step: int = 0) -> FormatReport:
    """Returns what each number format would store of dL/dh and of dL/dW.

    Parameters
    ----------
    experiment
        What is trained.
    step
        How many updates are made before; theory speaks of step 0 only.

    Raises
    ------
    SpecError
        When `step` is negative or beyond the last step of the training.
    """
    parameters = parameters_after(experiment, step)
    found = gradient(experiment, parameters, *first_examples(experiment))
    values, log10_norms = [np.abs(state) for state in found.states], found.log10_state_norm
    log10_typical = log10_norms - 0.5 * np.log10([state.size for state in values])
    log10_predicted, reason = _predicted(experiment, values) if step == 0 else (None, "theory speaks of step 0 only")
    logarithms = [_logarithms(*pair) for pair in zip(values, log10_norms, strict=True)]
    weights = [_logarithms(np.abs(dW), norm) for dW, norm in zip(found.weights, found.log10_weight_norm, strict=True)]
    return FormatReport(
        experiment=experiment.name,
        step=step,
        places=signal_places(experiment.network)[0],
        log10_typical=frozen(log10_typical),
        formats=tuple(_loss(name, logarithms, weights, log10_typical, log10_predicted) for name in FORMATS),
        log10_predicted=None if log10_predicted is None else frozen(log10_predicted),
        reason=reason,
        weight_places=weight_places(experiment.network)[0],
    )


def parameters_after(experiment: Experiment, step: int) -> Parameters:
    """Returns the parameters after some updates; raises `SpecError` where the training has no such step."""
    last = experiment.training.steps
    if not 0 <= step <= last:
        raise SpecError(f"step must lie between 0 and {last}, the steps of {experiment.name}; got {step}")
    start = prepared(experiment)
    if step == 0:
        return start
    trainer = Trainer(experiment, start, evaluates=False)
    trainer.advance(step)
    return trainer.parameters


def _predicted(experiment: Experiment, values: list[np.ndarray]) -> tuple[np.ndarray | None, str]:
    """Returns log10 of the typical number of each place before training, or None and why."""
    prediction = predict(experiment)
    profile = prediction.profile("state")
    if profile is None:
        return None, prediction.reason
    return profile.log10_norm - 0.5 * np.log10([state.size for state in values]), ""


def _logarithms(values: np.ndarray, log10_norm: float) -> np.ndarray:
    """Returns log10 of every number that is not exactly 0; those that underflowed stand at the typical size."""
    if math.isnan(log10_norm) or log10_norm == math.inf:
        return np.array([math.inf])
    if values.max(initial=0.0) < _TINY:
        return np.full(values.size if log10_norm > -math.inf else 0, log10_norm - 0.5 * math.log10(values.size))
    present = values[values > 0.0]
    with np.errstate(divide="ignore"):
        return np.log10(present)


def _loss(
    name: str,
    logarithms: list[np.ndarray],
    weights: list[np.ndarray],
    log10_typical: np.ndarray,
    log10_predicted: np.ndarray | None,
) -> FormatLoss:
    limits = FORMATS[name]
    zero, zero_weights = (_shares(one, lambda numbers: numbers <= limits.log10_zero) for one in (logarithms, weights))
    infinite, infinite_weights = (
        _shares(one, lambda numbers: numbers >= limits.log10_infinite) for one in (logarithms, weights)
    )
    normal = _shares(logarithms, lambda numbers: numbers >= limits.log10_normal)
    predicted = None if log10_predicted is None else _predicted_zero(log10_predicted, limits)
    return FormatLoss(
        number_format=name,
        zero=frozen(zero),
        subnormal=frozen(np.maximum(1.0 - zero - normal, 0.0) * [len(numbers) > 0 for numbers in logarithms]),
        infinite=frozen(infinite),
        predicted_zero=None if predicted is None else frozen(predicted),
        lost_at=_nearest_loss(zero >= LOST_SHARE),
        predicted_lost_at=None if predicted is None else _nearest_loss(predicted >= LOST_SHARE),
        overflows_at=_nearest_loss(infinite > 0.0),
        loss_scale=_loss_scale(limits, log10_typical, max(numbers.max(initial=-math.inf) for numbers in logarithms)),
        zero_weights=frozen(zero_weights),
        infinite_weights=frozen(infinite_weights),
    )


def _shares(logarithms: list[np.ndarray], is_counted: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return np.array([_share(is_counted(numbers)) for numbers in logarithms])


def _share(which: np.ndarray) -> float:
    """Returns the share of True; 0 where a place holds only exact zeros: nothing of them is lost."""
    return float(np.mean(which)) if which.size else 0.0


def _predicted_zero(log10_typical: np.ndarray, limits: NumberFormat) -> np.ndarray:
    return erf(10.0 ** np.clip(limits.log10_zero - log10_typical, -300.0, 300.0) / math.sqrt(2.0))


def _nearest_loss(which: np.ndarray) -> int | None:
    places = np.flatnonzero(which)
    return int(places[-1]) + 1 if places.size else None


def _loss_scale(limits: NumberFormat, log10_typical: np.ndarray, log10_largest: float) -> int | None:
    """Returns the exponent of the loss scale that `FormatLoss` describes."""
    present = log10_typical[log10_typical > -math.inf]
    if not present.size or log10_largest == math.inf or np.isnan(present).any():
        return None if present.size else 0
    needed = math.ceil((limits.log10_normal - float(present.min())) / math.log10(2.0))
    if needed <= 0 and log10_largest < limits.log10_infinite:
        return 0
    allowed = log10_largest + needed * math.log10(2.0) < limits.log10_infinite
    return needed if allowed else None
