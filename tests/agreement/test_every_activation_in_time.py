"""A simple cell with any activation of the catalogue, T <= 6, any loss: all routes give the same gradient."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.test_derivation_views import require_agreement as require_paths
from tests.agreement.test_symbolic_networks import numbers_of, sequential
from vgdesk.spec.recurrent import FIXED_ACTIVATIONS, VanillaCell
from vgdesk.study.verify import verify

OWN = "formula: z*tanh(log(1+exp(z)))"
NAMES = (*FIXED_ACTIVATIONS, "elu(0.5)", "celu(2)", OWN)


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_with_any_activation_agrees_three_ways(name):
    @settings(max_examples=3, deadline=None)
    @given(experiment=sequential(VanillaCell(name)), seed=st.integers(0, 2**20))
    def agree(experiment, seed):
        verification = verify(experiment, numbers_of(experiment, seed)[0])
        assert verification.passed, verification.sentence

    agree()


@settings(max_examples=12, deadline=None)
@given(data=st.data(), name=st.sampled_from(NAMES), seed=st.integers(0, 2**20), position=st.integers(0, 300))
def test_its_paths_through_six_steps_add_up_to_the_kernels_gradient(data, name, seed, position):
    experiment = data.draw(sequential(VanillaCell(name), steps=6))
    require_paths(experiment, numbers_of(experiment, seed), position)
