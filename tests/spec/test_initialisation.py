"""Initialisations refuse numbers they cannot draw from."""

import math
from collections.abc import Callable

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.initialisation import Explicit, Glorot, He, ScaledGaussian


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Glorot(distribution="cauchy"), "distribution must be one of uniform, normal; got 'cauchy'"),
        (lambda: Glorot(gain=-1.0), "gain must be a finite number from 0 to 1e+06, got -1.0"),
        (lambda: He(distribution=""), "distribution must be one of uniform, normal; got ''"),
        (lambda: ScaledGaussian(sigma_w=math.nan), "sigma_w must be a finite number from 0 to 1e+06, got nan"),
        (lambda: ScaledGaussian(sigma_b=math.inf), "sigma_b must be a finite number from 0 to 1e+06, got inf"),
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
