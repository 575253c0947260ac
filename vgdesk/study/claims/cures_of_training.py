"""Claims about cures that leave the network as it is: clipping, dropout and weight decay, better hardware."""

import math

from vgdesk.records.history import RunOutcome
from vgdesk.spec.optimiser import Sgd
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import gaussian
from vgdesk.study.claims.trained import CHANGE, STEPS, subject, trained


def _clipping(seed: int) -> Numbers:
    free, clipped = trained(subject("sigmoid", seed=seed)), trained(subject("sigmoid", seed=seed, clip=1.0))
    return {
        "span": clipped.span - free.span,
        "change": clipped.change(1) - free.change(1),
        "loss": clipped.loss / free.loss,
        "change_free": free.change(1),
        "change_clipped": clipped.change(1),
    }


def _explosion(seed: int) -> Numbers:
    free, clipped = (trained(subject("relu", gaussian(4.0), seed=seed, clip=clip)) for clip in (None, 1.0))
    return {
        "stays_finite": float(clipped.history.outcome is not RunOutcome.NON_FINITE),
        "raw_norm": float(clipped.history.log10_total_norm[0]),
        "loss": math.log10(clipped.loss) if clipped.loss > 0.0 else math.inf,
        "free_stays_finite": float(free.history.outcome is not RunOutcome.NON_FINITE),
        "clipped_norm": float(clipped.history.log10_clipped_norm[0]),
    }


def _regularisers(seed: int) -> Numbers:
    plain, dropout = trained(subject("sigmoid", seed=seed)), trained(subject("sigmoid", seed=seed, dropout=0.5))
    decay = trained(subject("sigmoid", seed=seed, rule=Sgd(learning_rate=0.1, weight_decay=0.01)))
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
    once, tenfold = trained(subject("sigmoid", seed=seed)), trained(subject("sigmoid", seed=seed), 10 * STEPS)
    return {
        "loss": once.loss - tenfold.loss,
        "change": tenfold.change(1),
        "bought": tenfold.change(1) - once.change(1),
        "right": tenfold.accuracy,
    }


TESTS = (
    ClaimTest(
        8,
        _clipping,
        (
            Gauge("span", "decades of gradient that clipping wins at layer 1", at_least=1.0),
            Gauge("change", "decades by which clipping enlarges the change of layer 1", at_least=1.0),
            Gauge("loss", "loss with clipping over loss without", at_most=0.9),
            Gauge("change_free", f"{CHANGE}, without", "log10"),
            Gauge("change_clipped", f"{CHANGE}, clipped", "log10"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        9,
        _explosion,
        (
            Gauge("stays_finite", "clipped training stays finite (1 = yes)", at_least=1.0),
            Gauge("raw_norm", "norm of the gradient before it is clipped", "log10", at_most=2.0),
            Gauge("loss", "loss after 300 clipped updates (guessing: 2.30)", "log10", at_most=math.log10(2.2)),
            Gauge("free_stays_finite", "training without clipping stays finite (1 = yes)"),
            Gauge("clipped_norm", "norm of the gradient after it is clipped", "log10"),
        ),
        weight=0.4,
    ),
    ClaimTest(
        18,
        _regularisers,
        (
            Gauge("dropout_loss", "loss that dropout saves in 300 updates", at_least=0.2),
            Gauge("decay_loss", "loss that L2 saves in 300 updates", at_least=0.2),
            Gauge("decay_span", "decades of gradient that L2 wins at layer 1", at_least=1.0),
            Gauge("decay_kept", "L2: |W| of layer 1 at the end over the start"),
            Gauge("plain_span", "sigmoid: left at layer 1 of 20", "log10"),
            Gauge("dropout_span", "sigmoid with dropout 0.5: left at layer 1 of 20", "log10"),
            Gauge("tanh_dropout0", "tanh: left at layer 1 of 20", "log10"),
            Gauge("tanh_dropout0.5", "tanh with dropout 0.5: left at layer 1 of 20", "log10"),
            Gauge("tanh_shrunk0.9", "tanh, weights × 0.9: left at layer 1 of 20", "log10"),
            Gauge("tanh_shrunk0.7", "tanh, weights × 0.7: left at layer 1 of 20", "log10"),
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
)
