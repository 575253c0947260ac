"""Names told without SymPy are the ones the symbolic route derives by."""

import pytest

from vgdesk.records.learned_names import learned_names
from vgdesk.spec.layer import DenseLayer, Highway, Residual
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward
from vgdesk.spec.recurrent import Gru, Lstm, Recurrent
from vgdesk.symbolic.learned import learned_numbers

NETWORKS = [
    example("insurance").network,
    FeedForward(inputs=2, layers=(DenseLayer(width=2, bias=False), DenseLayer(width=1))),
    FeedForward(inputs=1, layers=(DenseLayer(width=1, bias=False),)),
    FeedForward(
        inputs=2,
        layers=(
            DenseLayer(width=2, activation="prelu", normalisation="batch"),
            DenseLayer(width=2, skip=Highway(), bias=False),
            DenseLayer(width=2, skip=Residual(), normalisation="layer"),
            DenseLayer(width=1),
        ),
    ),
    Recurrent(inputs=2, steps=3, width=2, outputs=1, cell=Lstm()),
    Recurrent(inputs=1, steps=2, width=3, outputs=2, cell=Gru()),
]


@pytest.mark.parametrize("network", NETWORKS)
def test_names_are_those_of_the_symbolic_route(network):
    assert learned_names(network) == [learned.name for learned in learned_numbers(network)]
