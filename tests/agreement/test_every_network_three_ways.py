"""Symbolic, back-propagated and central-difference gradients agree for networks of every kind, small and drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.agreement.test_symbolic_networks import CELLS, layered, numbers_of, sequential, small_sequence
from vgdesk.records.parameters import named_arrays, parameters_of
from vgdesk.spec.recurrent import VanillaCell
from vgdesk.study.verify import verify
from vgdesk.training.parameters import draw


@settings(max_examples=20)
@given(experiment=layered(), seed=st.integers(0, 2**20))
def test_layers_with_options_agree_three_ways(experiment, seed):
    verification = verify(experiment, numbers_of(experiment, seed)[0])
    assert verification.passed, verification.sentence


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_unrolled_cells_agree_three_ways(cell):
    @settings(max_examples=5)
    @given(experiment=sequential(cell), seed=st.integers(0, 2**20))
    def agree(experiment, seed):
        verification = verify(experiment, numbers_of(experiment, seed)[0])
        assert verification.passed, verification.sentence

    agree()


@pytest.mark.parametrize("steps", [1, 3])
def test_a_relu_cell_that_starts_at_its_kink_agrees_but_for_the_central_difference(steps):
    experiment = small_sequence(VanillaCell("relu"), steps)
    at_zero = replace(experiment.task, inputs=(((0.0,), (0.3,), (0.6,))[:steps],))
    experiment, arrays = replace(experiment, task=at_zero), named_arrays(experiment.network, draw(experiment))
    verification = verify(experiment, parameters_of(experiment.network, {**arrays, "b": np.zeros(1)}))
    assert verification.passed, verification.sentence
    assert "stands at a kink" in verification.sentence
    assert any(row.relative_error_central is None for row in verification.rows)
