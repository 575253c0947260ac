"""Claims about cures that change the network: batch normalisation, residual connections, fewer layers."""

from vgdesk.spec.layer import Residual
from vgdesk.study.claims.case import ClaimTest, Gauge, Numbers
from vgdesk.study.claims.networks import XAVIER, deep, span_of
from vgdesk.study.claims.trained import subject, trained

NORMALISED = 30
NORMS = {
    "bn_relu": ("relu", "batch"),
    "bn_tanh": ("tanh", "batch"),
    "bn_sigmoid": ("sigmoid", "batch"),
    "bn_linear": ("identity", "batch"),
    "ln_relu": ("relu", "layer"),
    "ln_sigmoid": ("sigmoid", "layer"),
}


def _rate(name: str, seed: int) -> float:
    """Returns by what a layer multiplies the gradient on its way back."""
    activation, norm = NORMS[name]
    span = span_of(deep(activation, NORMALISED, XAVIER, seed=seed, normalisation=norm))
    return 10.0 ** (span / (NORMALISED - 1))


def _batch_norm(seed: int) -> Numbers:
    plain, normalised = (
        trained(subject("sigmoid", seed=seed)),
        trained(subject("sigmoid", seed=seed, normalisation="batch")),
    )
    return {
        **{name: _rate(name, seed) for name in NORMS},
        "trains": plain.loss - normalised.loss,
        "plain_right": plain.accuracy,
        "right": normalised.accuracy,
    }


def _residual(seed: int) -> Numbers:
    def found(activation: str, skip: Residual | None):
        return trained(subject(activation, seed=seed, skip=skip))

    plain, eased = found("sigmoid", None), found("sigmoid", Residual())
    return {
        "span": eased.first_span,
        "sigmoid_saved": plain.loss - eased.loss,
        "tanh_saved": found("tanh", None).loss - found("tanh", Residual()).loss,
        "plain_span": plain.first_span,
        "right": eased.accuracy,
    }


def _fewer(seed: int) -> Numbers:
    deep_one, shallow = trained(subject("sigmoid", seed=seed)), trained(subject("sigmoid", seed=seed, depth=2))
    return {
        "span": shallow.first_span,
        "saved": deep_one.loss - shallow.loss,
        "deep_span": deep_one.first_span,
        "right": shallow.accuracy,
    }


TESTS = (
    ClaimTest(
        22,
        _batch_norm,
        (
            Gauge("trains", "loss that batch normalisation saves a 20-layer sigmoid network", at_least=0.5),
            Gauge("bn_sigmoid", "factor per layer, sigmoid with BatchNorm", at_least=0.9, at_most=1.1),
            Gauge("bn_relu", "factor per layer, ReLU with BatchNorm", at_least=0.9, at_most=1.1),
            Gauge("bn_tanh", "factor per layer, tanh with BatchNorm"),
            Gauge("bn_linear", "factor per layer, linear with BatchNorm"),
            Gauge("ln_relu", "factor per layer, ReLU with LayerNorm"),
            Gauge("ln_sigmoid", "factor per layer, sigmoid with LayerNorm"),
            Gauge("plain_right", "right answers without", "share"),
            Gauge("right", "right answers with BatchNorm", "share"),
        ),
        weight=0.6,
    ),
    ClaimTest(
        23,
        _residual,
        (
            Gauge("span", "sigmoid with skips: left at layer 1 of 20", "log10", at_least=-1.0),
            Gauge("sigmoid_saved", "loss that skips save the sigmoid network", at_least=0.3),
            Gauge("tanh_saved", "loss that skips save the tanh network", at_least=0.0),
            Gauge("plain_span", "sigmoid without skips: left at layer 1 of 20", "log10"),
            Gauge("right", "sigmoid with skips: right answers", "share"),
        ),
        weight=0.8,
    ),
    ClaimTest(
        26,
        _fewer,
        (
            Gauge("span", "2 layers: left at the first", "log10", at_least=-1.0),
            Gauge("saved", "loss that 2 layers save against 20", at_least=0.02),
            Gauge("deep_span", "20 layers: left at the first", "log10"),
            Gauge("right", "2 layers: right answers", "share"),
        ),
        weight=0.5,
    ),
)
