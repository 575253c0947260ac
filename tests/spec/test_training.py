"""Training settings have limits and say them."""

import math
from collections.abc import Callable

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.training import Sgd, Training


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Sgd(learning_rate=-0.1), "learning_rate must be a finite number from 0 to 1,000,000,000, got -0.1"),
        (lambda: Sgd(learning_rate=math.nan), "learning_rate must be a finite number from 0 to 1,000,000,000, got nan"),
        (lambda: Training(batch_size=0), "batch_size must be an integer from 1 to 1000000, got 0"),
        (lambda: Training(steps=0), "steps must be an integer from 1 to 10000000, got 0"),
        (lambda: Training(precision="float16"), "precision must be one of float64, float32; got 'float16'"),
    ],
)
def test_impossible_training_is_refused_in_one_sentence(make: Callable[[], object], sentence: str):
    with pytest.raises(SpecError) as caught:
        make()
    assert str(caught.value) == sentence


def test_learning_rate_zero_is_allowed_for_watching_without_moving():
    assert Training(optimiser=Sgd(learning_rate=0.0)).batch_size is None
