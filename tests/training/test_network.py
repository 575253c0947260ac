"""The spec's networks in the kernels' words."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.training.network import kernel_network, recurrent_kernel_network


def test_layers_with_options_keep_them():
    network = kernel_network(example("digits-resnet-50"))
    assert network.skips.count("residual") >= 40
    assert kernel_network(example("digits-bn-relu-20")).normalisations[0] == "batch"


def test_a_recurrent_network_is_no_feed_forward_one():
    with pytest.raises(SpecError, match="adding-lstm-200 has a recurrent network"):
        kernel_network(example("adding-lstm-200"))


def test_a_recurrent_network_keeps_cell_and_time_steps():
    network = recurrent_kernel_network(example("adding-lstm-200"))
    assert (network.cell, network.steps, network.output_steps) == ("lstm", 200, 1)
