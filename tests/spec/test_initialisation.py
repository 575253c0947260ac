"""Initialisations refuse numbers they cannot draw from."""

import math
from collections.abc import Callable

import msgspec
import pytest

from tests.builders import network_experiment
from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import (
    Explicit,
    FixedGaussian,
    Glorot,
    He,
    Identity,
    Initialisation,
    LeCun,
    Orthogonal,
    ScaledGaussian,
    Zeros,
)
from vgdesk.spec.network import DenseLayer, FeedForward

BASE = network_experiment([2, 2], ["tanh"], [[0.0, 0.0]], [[0.0, 0.0]])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Glorot(distribution="cauchy"), "distribution must be one of uniform, normal; got 'cauchy'"),
        (lambda: Glorot(gain=-1.0), "gain must be a finite number from 0 to 1,000,000, got -1.0"),
        (lambda: He(distribution=""), "distribution must be one of uniform, normal; got ''"),
        (lambda: ScaledGaussian(sigma_w=math.nan), "sigma_w must be a finite number from 0 to 1,000,000, got nan"),
        (lambda: ScaledGaussian(sigma_b=math.inf), "sigma_b must be a finite number from 0 to 1,000,000, got inf"),
        (
            lambda: Explicit(weights=(((1.0,),), ((math.nan,),)), biases=((0.0,), (0.0,))),
            "a weight of layer 2 must be a finite number, got nan",
        ),
        (
            lambda: Explicit(weights=(((1.0,),),), biases=((math.inf,),)),
            "a bias of layer 1 must be a finite number, got inf",
        ),
    ],
)
def test_impossible_draw_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


def test_specs_are_values_that_cannot_change():
    assert Glorot() == Glorot(distribution="uniform", gain=1.0)
    with pytest.raises(AttributeError):
        Glorot().gain = 2.0  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: LeCun(distribution="laplace"), "distribution must be one of uniform, normal; got 'laplace'"),
        (lambda: Orthogonal(gain=-0.1), "gain must be a finite number from 0 to 1,000,000, got -0.1"),
        (lambda: Identity(gain=math.nan), "gain must be a finite number from 0 to 1,000,000, got nan"),
        (lambda: FixedGaussian(std=-1.0), "std must be a finite number from 0 to 1,000,000, got -1.0"),
    ],
)
def test_impossible_matrix_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


def test_a_layer_without_a_rule_follows_the_experiment():
    own, other = DenseLayer(width=2, initialisation=Zeros()), DenseLayer(width=2)
    experiment = msgspec.structs.replace(BASE, network=FeedForward(inputs=2, layers=(own, other)), initialisation=He())
    assert [experiment.layer_initialisation(layer) for layer in (1, 2)] == [Zeros(), He()]


def test_orthogonal_matrices_need_every_connection():
    sparse = FeedForward(inputs=2, layers=(DenseLayer(width=2, sources=((1,), (2,))),))
    with pytest.raises(SpecError, match="layer 1 cannot be orthogonal where some connections are absent"):
        msgspec.structs.replace(BASE, network=sparse, initialisation=Orthogonal())


def test_explicit_numbers_of_a_layer_hold_that_layer_alone():
    wrong = Explicit(weights=(((1.0,), (2.0,)),), biases=((0.0, 0.0),))
    with pytest.raises(SpecError, match=r"explicit weights of layer 2 must have rows of lengths \[2, 2\]"):
        msgspec.structs.replace(BASE, network=_two_layers(wrong))
    both = Explicit(weights=(((1.0, 2.0), (3.0, 4.0)),) * 2, biases=((0.0, 0.0),) * 2)
    with pytest.raises(SpecError, match="explicit weights and biases must cover exactly one layer"):
        msgspec.structs.replace(BASE, network=_two_layers(both))


def _two_layers(second: Initialisation) -> FeedForward:
    return FeedForward(inputs=2, layers=(DenseLayer(width=2), DenseLayer(width=2, initialisation=second)))


def test_a_layer_file_without_a_rule_is_still_read():
    assert msgspec.json.decode(b'{"width": 3, "activation": "tanh"}', type=DenseLayer).initialisation is None
