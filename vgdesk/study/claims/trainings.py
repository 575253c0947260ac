"""Claims about what happens to a network while it is trained (see `trained`)."""

import math

import numpy as np

from vgdesk.records.history import RunOutcome
from vgdesk.spec.initialisation import He
from vgdesk.spec.optimiser import Adam, Sgd
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import deep, gaussian
from vgdesk.study.claims.trained import CHANGE, DEPTH, Trained, subject, trained


def _largest_jump(found: Trained) -> float:
    """Returns log10 of the largest loss over the first one; infinite where the loss was no number."""
    loss = found.history.loss
    if found.history.outcome is RunOutcome.NON_FINITE or not np.isfinite(loss).all():
        return math.inf
    return math.log10(float(loss.max() / loss[0]))


def _weights(seed: int) -> Numbers:
    sigmoid = trained(subject("sigmoid", seed=seed))
    return {"first": sigmoid.kept(1), "tenth": sigmoid.kept(10), "last_hidden": sigmoid.kept(DEPTH)}


def _erratic(seed: int) -> Numbers:
    vanishing, exploding = trained(subject("sigmoid", seed=seed)), trained(subject("relu", gaussian(4.0), seed=seed))
    return {
        "vanishing_jump": _largest_jump(vanishing),
        "exploding_span": float(exploding.history.log10_total_norm[0]),
        "exploding_jump": _largest_jump(exploding),
        "vanishing_span": vanishing.first_span,
    }


def _slow(seed: int) -> Numbers:
    sigmoid, tanh = trained(subject("sigmoid", seed=seed)), trained(subject("tanh", seed=seed))
    return {
        "sigmoid": sigmoid.loss,
        "tanh": tanh.loss_left,
        "sigmoid_right": sigmoid.accuracy,
        "tanh_right": tanh.accuracy,
        "tanh_loss": tanh.loss,
    }


def _update(seed: int) -> Numbers:
    sgd, adam = trained(subject("sigmoid", seed=seed)), trained(subject("sigmoid", seed=seed, rule=Adam()))
    return {
        "sgd": sgd.change(1),
        "adam_over_sgd": adam.change(1) - sgd.change(1),
        "adam": adam.change(1),
        "sgd_last": sgd.change(-1),
        "adam_last": adam.change(-1),
    }


def _layers(seed: int) -> Numbers:
    sigmoid, tanh = trained(subject("sigmoid", seed=seed)), trained(subject("tanh", seed=seed))
    wild = trained(subject("tanh", gaussian(3.0), seed=seed))
    return {name: found.change(-1) - found.change(1) for name, found in
            (("sigmoid", sigmoid), ("tanh", tanh), ("tanh_sw3", wild))}  # fmt: skip


def _onset(seed: int) -> Numbers:
    linear = trained(deep("identity", 50, gaussian(1.3), seed=seed), 1)
    rate = Sgd(learning_rate=100.0)
    thrown = trained(subject("relu", He(), seed=seed, rule=rate), 50)
    norms = thrown.history.log10_total_norm
    is_broken = thrown.history.outcome is RunOutcome.NON_FINITE
    return {
        "before_any_update": linear.first_span,
        "thrown": math.inf if is_broken else float(np.max(norms) - norms[0]),
        "thrown_start": thrown.first_span,
    }


def _differentiable(seed: int) -> Numbers:
    kinked = trained(subject("relu", He(), seed=seed, depth=3))
    flat = trained(subject("formula: sign(z)", seed=seed, depth=3))
    weight = flat.history.values("weight")[0]
    return {
        "kinked": kinked.loss_left,
        "flat_hidden_change": flat.change(1),
        "flat_hidden_gradient": float(weight[:-1].max()),
        "kinked_right": kinked.accuracy,
        "flat_right": flat.accuracy,
    }


TESTS = (
    ClaimTest(
        6,
        _weights,
        (
            Gauge("first", "|W| of layer 1 at the end over the start", at_most=0.5),
            Gauge("tenth", "|W| of layer 10 at the end over the start", at_most=0.5),
            Gauge("last_hidden", "|W| of layer 20 at the end over the start"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        10,
        _erratic,
        (
            Gauge("vanishing_jump", "vanishing network: largest loss over the first", "log10", at_least=0.5),
            Gauge("exploding_span", "network whose loss diverges: norm of its gradient", "log10", at_most=-2.0),
            Gauge("exploding_jump", "network whose loss diverges: largest loss over the first", "log10"),
            Gauge("vanishing_span", "vanishing network: left of the gradient at layer 1 of 20", "log10"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        11,
        _slow,
        (
            Gauge("sigmoid", "vanishing network: loss after 300 updates (guessing: 2.30)", at_least=2.2),
            Gauge("tanh", "same depth, healthy: loss at the end over the start", at_most=0.5),
            Gauge("sigmoid_right", "vanishing network: right answers", "share"),
            Gauge("tanh_right", "same depth, healthy: right answers", "share"),
            Gauge("tanh_loss", "same depth, healthy: loss after 300 updates"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        12,
        _update,
        (
            Gauge("sgd", f"{CHANGE}, SGD", "log10", at_most=-6.0),
            Gauge("adam_over_sgd", "how many times Adam's is as large", "log10", at_most=2.0),
            Gauge("adam", f"{CHANGE}, Adam", "log10"),
            Gauge("sgd_last", "the same of layer 20, SGD", "log10"),
            Gauge("adam_last", "the same of layer 20, Adam", "log10"),
        ),
        weight=0.6,
    ),
    ClaimTest(
        28,
        _layers,
        (
            Gauge("sigmoid", "sigmoid: change of layer 20 over that of layer 1", "log10", at_least=1.0),
            Gauge("tanh", "tanh with Xavier: change of layer 20 over that of layer 1", "log10", at_least=1.0),
            Gauge("tanh_sw3", "tanh with σ_w = 3: change of layer 20 over that of layer 1", "log10", at_least=1.0),
        ),
        weight=0.6,
    ),
    ClaimTest(
        29,
        _onset,
        (
            Gauge("thrown", "healthy ReLU network, learning rate 100: growth of its gradient", "log10", at_least=2.0),
            Gauge(
                "before_any_update",
                "linear, σ_w = 1.3: growth from layer 50 to layer 1 before any update",
                "log10",
                at_most=1.0,
            ),
            Gauge("thrown_start", "the ReLU network before any update: left at layer 1 of 20", "log10"),
        ),
        weight=0.3,
    ),
    ClaimTest(
        30,
        _differentiable,
        (
            Gauge("flat_hidden_gradient", "steps sign(z): largest gradient of hidden weights", "log10", at_most=-20.0),
            Gauge("kinked", "ReLU, which has a kink: loss at the end over the start", at_least=0.9),
            Gauge("flat_hidden_change", "steps sign(z): relative change of layer 1's weights", "log10"),
            Gauge("kinked_right", "ReLU: right answers", "share"),
            Gauge("flat_right", "steps: right answers, learned by the output layer alone", "share"),
        ),
        weight=0.3,
    ),
)
