"""The experiments of a claim, to be opened and looked at: one for each of its arms, as its test runs them.

    experiment = claim_experiment(7, "linear_sw0.5")        without a name the first arm

Names and words of the arms stand in the record of the claim (`vgdesk.records.claim.Claim.arms`); an arm that a gauge
measures bears the gauge's name. Claims that a pencil settles show a network in which what they say can be seen.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

import msgspec

from vgdesk.records.claim import Claim, ClaimArm, claim
from vgdesk.spec.base import require_choice
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.initialisation import He, ScaledGaussian
from vgdesk.spec.layer import Residual
from vgdesk.spec.optimiser import Adam, Sgd
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.study.claims import at_the_start, cures, through_time
from vgdesk.study.claims.chains import UNITS, sigmoid_chain
from vgdesk.study.claims.networks import XAVIER, chain, deep, gaussian
from vgdesk.study.claims.trained import STEPS, subject

Make = Callable[[int], Experiment]
"""Seed -> experiment."""


def claim_experiment(number: int, arm: str = "", seed: int = 0) -> Experiment:
    """Returns the experiment of one of a claim's arms.

    Parameters
    ----------
    number
        Which claim.
    arm
        Name of the arm; by default the first one.
    seed
        Draws the parameters.

    Raises
    ------
    SpecError
        When there is no such claim or arm.
    """
    known = claim(number)
    name = arm or known.arms[0].name
    require_choice(f"arm of claim {number}", name, tuple(found.name for found in known.arms))
    words = next(found for found in known.arms if found.name == name)
    return _named(known, words, ARMS[number][name](seed))


def _named(known: Claim, arm: ClaimArm, experiment: Experiment) -> Experiment:
    stem = re.sub(r"[^a-z0-9]+", "-", arm.name.lower()).strip("-")
    title = f"Claim {known.number}: {arm.words}"[:LONGEST_TITLE]
    return msgspec.structs.replace(experiment, name=f"claim-{known.number}-{stem}", title=title)


def _deep(activation: str, depth: int, *rest: object, **options: object) -> Make:
    return lambda seed: deep(activation, depth, *rest, seed=seed, **options)  # pyright: ignore[reportArgumentType]


def _subject(activation: str, *rest: object, steps: int = STEPS, **options: object) -> Make:
    """Returns what makes a network of the trained claims, with the number of updates of its test."""

    def make(seed: int) -> Experiment:
        found = subject(activation, *rest, seed=seed, **options)  # pyright: ignore[reportArgumentType]
        return msgspec.structs.replace(found, training=msgspec.structs.replace(found.training, steps=steps))

    return make


def _chain(weight: float, activation: str) -> Make:
    return lambda _: chain([weight] * UNITS, [0.0] * UNITS, 1.0, activation)


def _centred(weight: float) -> Make:
    return lambda _: sigmoid_chain(weight)


def _cell(name: str) -> Make:
    return lambda seed: through_time.cell_start(name, seed)


def _start(name: str) -> Make:
    activation, start = at_the_start.STARTS[name]
    return _deep(activation, 30, start)


def _normed(name: str) -> Make:
    activation, norm = cures.NORMS[name]
    return _deep(activation, cures.NORMALISED, XAVIER, normalisation=norm)


_STARTS = ("relu_he", "elu_lecun", "selu_lecun", "relu_xavier", "relu_torch_default", "silu_lecun")
_PAIRS = ("relu_he", "tanh_xavier", "relu_xavier", "sigmoid_xavier", "tanh_gain5/3")
_ONE = ScaledGaussian(sigma_w=1.0)
_SIGMOID, _TANH = _subject("sigmoid"), _subject("tanh")
_WILD = gaussian(4.0)

ARMS: Mapping[int, Mapping[str, Make]] = {
    1: {"tanh": _deep("tanh", 10)},
    2: {"small": _deep("tanh", 10, gaussian(0.1)), "large": _deep("tanh", 10, gaussian(10.0))},
    3: {"tanh": _deep("tanh", 10), "sigmoid": _deep("sigmoid", 10)},
    4: {
        **{f"w{weight:g}": _centred(weight) for weight in (1.0, 3.0, 4.0, 100.0)},
        "w1_without_bias": _chain(1.0, "sigmoid"),
    },
    5: {
        **{f"linear_w{weight:g}": _chain(weight, "identity") for weight in (0.9, 1.1)},
        **{f"sigmoid_w{weight:g}": _centred(weight) for weight in (3.0, 5.0)},
    },
    6: {"sigmoid": _SIGMOID},
    7: {
        "saturated": _deep("sigmoid", 10, gaussian(1.0, 8.0)),
        "linear_sw0.5": _deep("identity", 10, gaussian(0.5)),
        "sigmoid_sw1.0": _deep("sigmoid", 10, gaussian(1.0)),
        "linear_sw1.0": _deep("identity", 10, gaussian(1.0)),
        "linear_sw2.0": _deep("identity", 10, gaussian(2.0)),
    },
    8: {"free": _SIGMOID, "clipped": _subject("sigmoid", clip=1.0)},
    9: {"free": _subject("relu", _WILD), "clipped": _subject("relu", _WILD, clip=1.0)},
    10: {"vanishing": _SIGMOID, "exploding": _subject("relu", _WILD)},
    11: {"sigmoid": _SIGMOID, "tanh": _TANH},
    12: {"sgd": _SIGMOID, "adam": _subject("sigmoid", rule=Adam())},
    13: {
        **{f"width{width}_depth5": _deep("sigmoid", 5, width=width) for width in (16, 64, 256)},
        **{f"width64_depth{depth}": _deep("sigmoid", depth) for depth in (2, 10, 20)},
    },
    14: {"sigmoid": _deep("sigmoid", 10)},
    15: {"rnn": _cell("rnn"), "lstm_1": _cell("lstm_1")},
    16: {f"sigma{sigma:g}": _deep("tanh", 10, gaussian(sigma)) for sigma in (0.01, 0.1, 0.5, 1.0, 1.5, 3.0)},
    17: {"x1": _deep("sigmoid", 10)},
    18: {
        "plain": _SIGMOID,
        "dropout": _subject("sigmoid", dropout=0.5),
        "decay": _subject("sigmoid", rule=Sgd(learning_rate=0.1, weight_decay=0.01)),
        **{f"tanh_dropout{share:g}": _subject("tanh", dropout=share) for share in (0.0, 0.5)},
        **{f"tanh_shrunk{share:g}": _subject("tanh", gaussian(share)) for share in (0.9, 0.7)},
    },
    19: {
        "shared": lambda seed: through_time.through_time(
            VanillaCell("identity"), through_time.PRODUCT_STEPS, seed, _ONE, width=64
        ),
        "independent": lambda seed: through_time.independent(seed, _ONE),
    },
    20: {name: _start(name) for name in _STARTS},
    21: {**{name: _start(name) for name in _PAIRS}, "tanh_100": _deep("tanh", 100, gaussian(5.0 / 3.0))},
    22: {
        "plain": _SIGMOID,
        "trains": _subject("sigmoid", normalisation="batch"),
        **{name: _normed(name) for name in cures.NORMS},
    },
    23: {
        "sigmoid": _SIGMOID,
        "span": _subject("sigmoid", skip=Residual()),
        "tanh": _TANH,
        "tanh_residual": _subject("tanh", skip=Residual()),
    },
    24: {name: _cell(name) for name in through_time.CELLS},
    25: {"chain": lambda _: chain([1.0] * 5, [0.0] * 5, 1.0)},
    26: {"deep": _SIGMOID, "shallow": _subject("sigmoid", depth=2)},
    27: {"once": _SIGMOID, "tenfold": _subject("sigmoid", steps=10 * STEPS)},
    28: {"sigmoid": _SIGMOID, "tanh": _TANH, "tanh_sw3": _subject("tanh", gaussian(3.0))},
    29: {
        "before_any_update": _deep("identity", 50, gaussian(1.3)),
        "thrown": _subject("relu", He(), rule=Sgd(learning_rate=100.0), steps=50),
    },
    30: {"kinked": _subject("relu", He(), depth=3), "flat": _subject("formula: sign(z)", depth=3)},
    31: {
        f"radius{radius:g}_input{inputs:g}": partial(through_time.rule_start, radius, inputs)
        for radius in (1.2, 0.8)
        for inputs in (1.0, 0.0)
    },
}
"""By claim and by arm, the one that shows most first."""
