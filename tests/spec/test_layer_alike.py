"""A layer that is added to a network is like its hidden neighbours."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec import edit
from vgdesk.spec.layer_alike import with_layer_alike
from vgdesk.spec.library import example

CIRCLES = example("circles")
UNLIKE = edit.with_layer_option(edit.with_width(CIRCLES, 1, 3), 1, "activation", "relu")


@pytest.mark.parametrize(("after", "width", "activation"), [(0, 3, "relu"), (1, 3, "relu"), (2, 8, "tanh")])
def test_a_new_layer_is_like_the_hidden_one_below_it_and_above_the_inputs_like_the_one_above(after, width, activation):
    layer = with_layer_alike(UNLIKE, after).feed_forward.layers[after]
    assert (layer.width, layer.activation) == (width, activation)


def test_the_first_hidden_layer_of_a_network_is_one_sigmoid_unit():
    network = with_layer_alike(edit.without_layer(edit.without_layer(CIRCLES, 2), 1), 0).feed_forward
    assert (network.widths, network.layers[0].activation) == ((2, 1, 1), "sigmoid")


def test_a_layer_above_the_output_is_refused():
    with pytest.raises(SpecError, match="the layer to add one after must be an integer from 0 to 2, got 3"):
        with_layer_alike(CIRCLES, 3)
