"""Claims about what happens while a network is trained: 20 hidden layers of 32 units on digits, 300 updates."""

import math

import msgspec
import numpy as np

from vgdesk.records.history import RunOutcome
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import He, Initialisation
from vgdesk.spec.optimiser import Adam, Optimiser, Sgd
from vgdesk.spec.training import Training
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import XAVIER, Trained, deep, gaussian, trained

DEPTH, NARROW, STEPS = 20, 32, 300
PLAIN = Sgd(learning_rate=0.1)


def subject(
    activation: str,
    start: Initialisation = XAVIER,
    *,
    seed: int,
    depth: int = DEPTH,
    rule: Optimiser = PLAIN,
    clip: float | None = None,
    **options: object,
) -> Experiment:
    """Returns the network of these claims with a way to train it; `options` are fields of its hidden layers."""
    experiment = deep(activation, depth, start, width=NARROW, seed=seed, **options)
    clipping = None if clip is None else ClipByNorm(maximum=clip)
    return msgspec.structs.replace(experiment, training=Training(optimiser=rule, batch_size=64, clipping=clipping))


def run(experiment: Experiment, steps: int = STEPS) -> Trained:
    """Returns the training of an experiment."""
    return trained(experiment, steps)


def _largest_jump(found: Trained) -> float:
    """Returns log10 of the largest loss over the first one; infinite where the loss was no number."""
    loss = found.history.loss
    if found.history.outcome is RunOutcome.NON_FINITE or not np.isfinite(loss).all():
        return math.inf
    return math.log10(float(loss.max() / loss[0]))


def _weights(seed: int) -> Numbers:
    sigmoid = run(subject("sigmoid", seed=seed))
    return {"first": sigmoid.kept(1), "tenth": sigmoid.kept(10), "last_hidden": sigmoid.kept(DEPTH)}


def _clipping(seed: int) -> Numbers:
    free, clipped = run(subject("sigmoid", seed=seed)), run(subject("sigmoid", seed=seed, clip=1.0))
    return {
        "span": clipped.span - free.span,
        "change": clipped.change(1) - free.change(1),
        "loss": clipped.loss / free.loss,
        "change_free": free.change(1),
        "change_clipped": clipped.change(1),
    }


def _explosion(seed: int) -> Numbers:
    free, clipped = (run(subject("relu", gaussian(4.0), seed=seed, clip=clip)) for clip in (None, 1.0))
    return {
        "stays_finite": float(clipped.history.outcome is not RunOutcome.NON_FINITE),
        "raw_norm": float(clipped.history.log10_total_norm[0]),
        "loss": math.log10(clipped.loss) if clipped.loss > 0.0 else math.inf,
        "free_stays_finite": float(free.history.outcome is not RunOutcome.NON_FINITE),
        "clipped_norm": float(clipped.history.log10_clipped_norm[0]),
    }


def _erratic(seed: int) -> Numbers:
    vanishing, exploding = run(subject("sigmoid", seed=seed)), run(subject("relu", gaussian(4.0), seed=seed))
    return {
        "vanishing_jump": _largest_jump(vanishing),
        "exploding_span": float(exploding.history.log10_total_norm[0]),
        "exploding_jump": _largest_jump(exploding),
        "vanishing_span": vanishing.first_span,
    }


def _slow(seed: int) -> Numbers:
    sigmoid, tanh = run(subject("sigmoid", seed=seed)), run(subject("tanh", seed=seed))
    return {
        "sigmoid": sigmoid.loss,
        "tanh": tanh.loss_left,
        "sigmoid_right": sigmoid.accuracy,
        "tanh_right": tanh.accuracy,
        "tanh_loss": tanh.loss,
    }


def _update(seed: int) -> Numbers:
    sgd, adam = run(subject("sigmoid", seed=seed)), run(subject("sigmoid", seed=seed, rule=Adam()))
    return {
        "sgd": sgd.change(1),
        "adam_over_sgd": adam.change(1) - sgd.change(1),
        "adam": adam.change(1),
        "sgd_last": sgd.change(-1),
        "adam_last": adam.change(-1),
    }


def _regularisers(seed: int) -> Numbers:
    plain, dropout = run(subject("sigmoid", seed=seed)), run(subject("sigmoid", seed=seed, dropout=0.5))
    decay = run(subject("sigmoid", seed=seed, rule=Sgd(learning_rate=0.1, weight_decay=0.01)))
    start = plain.first_span
    return {
        "dropout_loss": plain.loss - dropout.loss,
        "decay_loss": plain.loss - decay.loss,
        "decay_span": decay.span - plain.span,
        "decay_kept": decay.kept(1),
        "plain_span": start,
        "dropout_span": dropout.first_span,
        **{f"tanh_dropout{p:g}": _start_span_of("tanh", seed, p) for p in (0.0, 0.5)},
        **{f"tanh_shrunk{share:g}": _shrunk_span(seed, share) for share in (0.9, 0.7)},
    }


def _start_span_of(activation: str, seed: int, dropout: float) -> float:
    return trained(subject(activation, seed=seed, dropout=dropout), 1).first_span


def _shrunk_span(seed: int, share: float) -> float:
    return trained(subject("tanh", gaussian(share), seed=seed), 1).first_span


def _hardware(seed: int) -> Numbers:
    once, tenfold = run(subject("sigmoid", seed=seed)), run(subject("sigmoid", seed=seed), 10 * STEPS)
    return {
        "loss": once.loss - tenfold.loss,
        "change": tenfold.change(1),
        "bought": tenfold.change(1) - once.change(1),
        "right": tenfold.accuracy,
    }


def _layers(seed: int) -> Numbers:
    sigmoid, tanh = run(subject("sigmoid", seed=seed)), run(subject("tanh", seed=seed))
    wild = run(subject("tanh", gaussian(3.0), seed=seed))
    return {name: found.change(-1) - found.change(1) for name, found in
            (("sigmoid", sigmoid), ("tanh", tanh), ("tanh_sw3", wild))}  # fmt: skip


def _onset(seed: int) -> Numbers:
    linear = trained(deep("identity", 50, gaussian(1.3), seed=seed), 1)
    rate = Sgd(learning_rate=100.0)
    thrown = run(subject("relu", He(), seed=seed, rule=rate), 50)
    norms = thrown.history.log10_total_norm
    is_broken = thrown.history.outcome is RunOutcome.NON_FINITE
    return {
        "before_any_update": linear.first_span,
        "thrown": math.inf if is_broken else float(np.max(norms) - norms[0]),
        "thrown_start": thrown.first_span,
    }


def _differentiable(seed: int) -> Numbers:
    kinked = run(subject("relu", He(), seed=seed, depth=3))
    flat = run(subject("formula: sign(z)", seed=seed, depth=3))
    weight = flat.history.values("weight")[0]
    return {
        "kinked": kinked.loss_left,
        "flat_hidden_change": flat.change(1),
        "flat_hidden_gradient": float(weight[:-1].max()),
        "kinked_right": kinked.accuracy,
        "flat_right": flat.accuracy,
    }


_CHANGE = "relative change of layer 1's weights in 300 updates"

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
        8,
        _clipping,
        (
            Gauge("span", "decades of gradient that clipping wins at layer 1", at_least=1.0),
            Gauge("change", "decades by which clipping enlarges the change of layer 1", at_least=1.0),
            Gauge("loss", "loss with clipping over loss without", at_most=0.9),
            Gauge("change_free", f"{_CHANGE}, without", "log10"),
            Gauge("change_clipped", f"{_CHANGE}, clipped", "log10"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        9,
        _explosion,
        (
            Gauge("stays_finite", "clipped training stays finite (1 = yes)", at_least=1.0),
            Gauge("raw_norm", "norm of the gradient before it is clipped", "log10", at_most=2.0),
            Gauge("loss", "loss after 300 clipped updates", "log10", at_most=math.log10(2.3)),
            Gauge("free_stays_finite", "training without clipping stays finite (1 = yes)"),
            Gauge("clipped_norm", "norm of the gradient after it is clipped", "log10"),
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
            Gauge("vanishing_span", "vanishing network: left of the gradient after 20 layers", "log10"),
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
            Gauge("sgd", f"{_CHANGE}, SGD", "log10", at_most=-6.0),
            Gauge("adam_over_sgd", "how many times Adam's is as large", "log10", at_most=2.0),
            Gauge("adam", f"{_CHANGE}, Adam", "log10"),
            Gauge("sgd_last", "the same of layer 20, SGD", "log10"),
            Gauge("adam_last", "the same of layer 20, Adam", "log10"),
        ),
        weight=0.6,
    ),
    ClaimTest(
        18,
        _regularisers,
        (
            Gauge("dropout_loss", "loss that dropout saves in 300 updates", at_least=0.2),
            Gauge("decay_loss", "loss that L2 saves in 300 updates", at_least=0.2),
            Gauge("decay_span", "decades of gradient that L2 wins at layer 1", at_least=1.0),
            Gauge("decay_kept", "L2: |W| of layer 1 at the end over the start"),
            Gauge("plain_span", "sigmoid: left after 20 layers", "log10"),
            Gauge("dropout_span", "sigmoid with dropout 0.5: left after 20 layers", "log10"),
            Gauge("tanh_dropout0", "tanh: left after 20 layers", "log10"),
            Gauge("tanh_dropout0.5", "tanh with dropout 0.5: left after 20 layers", "log10"),
            Gauge("tanh_shrunk0.9", "tanh, weights × 0.9: left after 20 layers", "log10"),
            Gauge("tanh_shrunk0.7", "tanh, weights × 0.7: left after 20 layers", "log10"),
        ),
        weight=0.8,
    ),
    ClaimTest(
        27,
        _hardware,
        (
            Gauge("loss", "loss that ten times the updates save", at_least=0.2),
            Gauge("change", "relative change of layer 1's weights in 3,000 updates", "log10", at_least=-3.0),
            Gauge("bought", "how many times the change after 300 updates", "log10"),
            Gauge("right", "right answers after 3,000 updates", "share"),
        ),
        weight=2.0,
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
                "before_any_update", "linear, σ_w = 1.3: growth over 50 layers before any update", "log10", at_most=1.0
            ),
            Gauge("thrown_start", "the ReLU network before any update: left after 20 layers", "log10"),
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
