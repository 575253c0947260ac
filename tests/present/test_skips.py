"""Skip connections and normalised layers in the diagram scene."""

from vgdesk.present.diagram import diagram_scene
from vgdesk.present.skips import bypasses, normalised_layers
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.spec.library import example
from vgdesk.spec.network import FeedForward


def test_a_residual_network_has_an_arc_from_the_column_below_for_each_skip():
    scene = diagram_scene(example("digits-resnet-50"))
    columns = {node.place.layer: node.x for node in scene.nodes[:-1]}
    skipping = [n for n, layer in enumerate(example("digits-resnet-50").feed_forward.layers, 1) if layer.skip]
    assert [arc.layer for arc in scene.bypasses] == skipping
    assert all((arc.start, arc.end) == (columns[arc.layer - 1], columns[arc.layer]) for arc in scene.bypasses)
    assert {arc.kind for arc in scene.bypasses} == {"residual"}


def test_a_highway_layer_has_an_arc_of_its_kind():
    layers = (DenseLayer(width=3, activation="tanh", skip=Highway()), DenseLayer(width=1, activation="identity"))
    assert [(arc.layer, arc.kind) for arc in bypasses(FeedForward(inputs=3, layers=layers))] == [(1, "highway")]


def test_normalised_layers_are_marked_at_their_columns():
    scene = diagram_scene(example("digits-bn-relu-20"))
    assert scene.normalised == tuple(layer / 21 for layer in range(1, 20))


def test_recurrent_and_plain_networks_have_neither():
    for name in ("digits-rnn-rows", "digits-tanh-20"):
        network = example(name).network
        assert (bypasses(network), normalised_layers(network)) == ((), ())
