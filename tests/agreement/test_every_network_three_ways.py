"""Symbolic, back-propagated and central-difference gradients agree for networks of every kind, small and drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.test_symbolic_networks import CELLS, layered, numbers_of, sequential
from vgdesk.study.verify import verify


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
