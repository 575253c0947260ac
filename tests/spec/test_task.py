"""Tasks are tables of finite numbers, or the bundled digits."""

import math

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.task import Digits, Examples, task_shape


def test_shape_counts_examples_inputs_and_targets():
    examples = Examples(inputs=((0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), targets=((1.0,), (1.0,), (0.0,)))
    assert task_shape(examples) == (3, 2, 1, None, 1)
    assert task_shape(Digits(count=100)) == (100, 64, 10, None, 1)


@pytest.mark.parametrize(
    ("inputs", "targets", "sentence"),
    [
        ((), (), "number of examples must be an integer from 1 to 100000, got 0"),
        (((1.0,),), (), "targets must hold 1 rows like inputs, got 0"),
        (((1.0,), (1.0, 2.0)), ((1.0,), (1.0,)), "row 2 of inputs must hold 1 numbers, got 2"),
        (((),), ((1.0,),), "row 1 of inputs must hold 1 numbers, got 0"),
        (((math.nan,),), ((1.0,),), "row 1 of inputs must be a finite number, got nan"),
        (((1.0,),), ((-math.inf,),), "row 1 of targets must be a finite number, got -inf"),
    ],
)
def test_impossible_table_is_refused_in_one_sentence(inputs: tuple, targets: tuple, sentence: str):
    with pytest.raises(SpecError) as caught:
        Examples(inputs=inputs, targets=targets)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("count", [0, 1798])
def test_digits_hold_1797_images(count: int):
    with pytest.raises(SpecError, match=f"count must be an integer from 1 to 1797, got {count}"):
        Digits(count=count)
