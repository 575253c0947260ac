"""Everything that the claims are compared with, measured on twenty seeds: one job per seed, side by side on all cores.

A job goes through all claims of one seed, because several are told of the same network and its training is kept.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from statistics import median

import numpy as np

from vgdesk.records.claim import ClaimOutcome, claim, outcome_of
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import FixedGaussian, He
from vgdesk.spec.layer import Residual
from vgdesk.spec.optimiser import Adam
from vgdesk.study.claims.case import Numbers, measured
from vgdesk.study.claims.catalogue import TESTS
from vgdesk.study.claims.networks import at_start, deep, gaussian, span, weight_span
from vgdesk.study.claims.through_time import reach_of, rule_start
from vgdesk.study.claims.trained import STEPS, Trained, subject, trained
from vgdesk.study.side_by_side import side_by_side

SEEDS = 20
TAIL = 25
"""Recorded losses at the end over which they are said to scatter: the second half."""
Maker = Callable[[int], Experiment]
TRAININGS: Mapping[str, tuple[Maker, int]] = {
    "T_sigmoid_sgd": (lambda seed: subject("sigmoid", seed=seed), STEPS),
    "T_sigmoid_adam": (lambda seed: subject("sigmoid", seed=seed, rule=Adam()), STEPS),
    "T_sigmoid_sgd_10x_epochs": (lambda seed: subject("sigmoid", seed=seed), 10 * STEPS),
    "T_sigmoid_sgd_clip1": (lambda seed: subject("sigmoid", seed=seed, clip=1.0), STEPS),
    "T_sigmoid_bn_sgd": (lambda seed: subject("sigmoid", seed=seed, normalisation="batch"), STEPS),
    "T_sigmoid_res_sgd": (lambda seed: subject("sigmoid", seed=seed, skip=Residual()), STEPS),
    "T_sigmoid_shallow2": (lambda seed: subject("sigmoid", seed=seed, depth=2), STEPS),
    "T_tanh_xavier": (lambda seed: subject("tanh", seed=seed), STEPS),
    "T_tanh_tiny_init": (lambda seed: subject("tanh", FixedGaussian(std=0.01), seed=seed), STEPS),
    "T_tanh_sw3": (lambda seed: subject("tanh", gaussian(3.0), seed=seed), STEPS),
    "T_tanh_sw3_clip1": (lambda seed: subject("tanh", gaussian(3.0), seed=seed, clip=1.0), STEPS),
    "T_tanh_res": (lambda seed: subject("tanh", seed=seed, skip=Residual()), STEPS),
    "T_relu_xavier": (lambda seed: subject("relu", seed=seed), STEPS),
    "T_relu_he": (lambda seed: subject("relu", He(), seed=seed), STEPS),
    "T_relu_bn": (lambda seed: subject("relu", He(), seed=seed, normalisation="batch"), STEPS),
    "T_relu_sw4": (lambda seed: subject("relu", gaussian(4.0), seed=seed), STEPS),
    "T_relu_sw4_clip1": (lambda seed: subject("relu", gaussian(4.0), seed=seed, clip=1.0), STEPS),
}
"""By entry of the reference: how its network is made, and how many updates it gets."""
RADII = (0.8, 0.95, 1.0, 1.2, 2.0)
STATES_AND_WEIGHTS: Mapping[str, Maker] = {
    "relu_sw1.000": lambda seed: deep("relu", 30, gaussian(1.0), seed=seed),
    "linear_sw0.500": lambda seed: deep("identity", 30, gaussian(0.5), seed=seed),
    "tanh_sw0.500": lambda seed: deep("tanh", 30, gaussian(0.5), seed=seed),
    "sigmoid_sw1.000": lambda seed: deep("sigmoid", 30, gaussian(1.0), seed=seed),
    "relu_sw1.414": lambda seed: deep("relu", 30, gaussian(math.sqrt(2.0)), seed=seed),
    "tanh_sw1.000": lambda seed: deep("tanh", 30, gaussian(1.0), seed=seed),
}


def outcome(number: int) -> ClaimOutcome:
    """Returns what becomes of a claim on twenty seeds."""
    test = TESTS[number]
    rows: list[Numbers] = [seed["claims"][str(number)] for seed in _by_seed()[: SEEDS if test.uses_seed else 1]]
    return outcome_of(claim(number), measured(test.gauges, rows), len(rows), 0.0)


def medians(kind: str, name: str) -> dict[str, float]:
    """Returns the medians of what was measured beside the claims, by the kind and name that `measure` gives it."""
    rows = [seed[kind][name] for seed in _by_seed()]
    return {key: median(row[key] for row in rows) for key in rows[0]}


@cache
def _by_seed() -> list[dict[str, dict[str, dict[str, float]]]]:
    found = dict(side_by_side(measure, [to_bytes(seed) for seed in range(SEEDS)]))
    return [from_bytes(found[seed], dict[str, dict[str, dict[str, float]]]) for seed in range(SEEDS)]


def measure(payload: bytes) -> bytes:
    """Is the job of one seed: numbers by kind, then by claim or entry, then by name."""
    seed = from_bytes(payload, int)
    return to_bytes(
        {
            "trained": {name: _training(make(seed), steps) for name, (make, steps) in TRAININGS.items()},
            "claims": {
                str(number): dict(test.measure(seed)) for number, test in TESTS.items() if test.uses_seed or seed == 0
            },
            "radius": {
                f"rho{r}_input{x}": {"log10": reach_of(rule_start(r, x, seed))} for r in RADII for x in (0.0, 1.0)
            },
            "states and weights": {name: _two_spans(make(seed)) for name, make in STATES_AND_WEIGHTS.items()},
            "layers": {"sigmoid": _layers(deep("sigmoid", 10, seed=seed))},
            "dropout": {f"{share}": {"log10": _span_with_dropout(seed, share)} for share in (0.0, 0.2, 0.5)},
        }
    )


def _training(experiment: Experiment, steps: int) -> dict[str, float]:
    found: Trained = trained(experiment, steps)
    return {
        "loss": found.loss,
        "acc": found.accuracy,
        "dW_first": found.change(1),
        "dW_output": found.change(0),
        "W1_norm_ratio": found.kept(1),
        "loss_sd_tail": float(np.std(found.history.loss[-TAIL:])),
        "bad": float(not np.isfinite(found.history.loss).all()),
    }


def _two_spans(experiment: Experiment) -> dict[str, float]:
    found = at_start(experiment)
    return {"log10_activation_grad": span(found), "log10_weight_grad": weight_span(found)}


def _layers(experiment: Experiment) -> dict[str, float]:
    return {str(layer): float(norm) for layer, norm in enumerate(at_start(experiment).log10_state_norm[:-1])}


def _span_with_dropout(seed: int, share: float) -> float:
    return trained(subject("tanh", seed=seed, dropout=share), 1).first_span
