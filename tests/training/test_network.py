"""The plain kernels get plain networks; others are refused, not trained as if they were plain."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.training.network import kernel_network


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("adding-lstm-200", "adding-lstm-200 has a recurrent network; this exists for feed-forward networks only"),
        ("digits-resnet-50", "digits-resnet-50 has layers with options; this exists for plain layers only"),
    ],
)
def test_network_that_is_not_plain_is_refused(name: str, sentence: str):
    with pytest.raises(SpecError, match=sentence):
        kernel_network(example(name))
