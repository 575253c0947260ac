"""The diagram scene of small and deep networks."""

import numpy as np
import pytest

from tests.builders import network_experiment
from tests.reference.unrolled import recurrent_states
from vgdesk.present.diagram import diagram_scene
from vgdesk.records.derivation import Place, PlaceKind
from vgdesk.records.parameters import named_arrays
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import DenseLayer, FeedForward
from vgdesk.study.derive import derive
from vgdesk.training.parameters import draw


@pytest.fixture(scope="module")
def insurance():
    return diagram_scene(example("insurance"), derive(example("insurance"), "w1"))


def test_every_unit_and_the_loss_is_a_node(insurance):
    assert [node.label for node in insurance.nodes] == [
        "age",
        "education",
        "income",
        "savings",
        "Awareness",
        "Affordability",
        "y",
        "L",
    ]


def test_the_hot_path_leads_from_the_weight_to_the_loss(insurance):
    hot = [wire.place for wire in insurance.wires if wire.hot]
    assert hot == [Place(PlaceKind.EDGE, 1, 1, 1), Place(PlaceKind.EDGE, 2, 1, 1), Place(PlaceKind.LOSS, 2, 1)]


def test_values_come_from_the_forward_pass(insurance):
    values = {node.label: node.value for node in insurance.nodes}
    assert values["y"] == pytest.approx(0.7)
    assert values["age"] == 0.2
    assert values["L"] == pytest.approx(0.045)


def test_the_strongest_wire_has_strength_one_and_a_dead_one_zero(insurance):
    strengths = {wire.label: wire.strength for wire in insurance.wires}
    assert max(strengths.values()) == 1.0
    assert strengths["w₂"] == 0.0


def test_sparse_wiring_draws_only_what_exists():
    scene = diagram_scene(example("insurance-sparse"))
    assert len([wire for wire in scene.wires if wire.place.kind is PlaceKind.EDGE]) == 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_nodes_stay_inside_the_picture_and_wires_join_neighbours(name):
    scene = diagram_scene(example(name))
    assert all(0 <= node.x <= 1 and 0 <= node.y <= 1 for node in scene.nodes)
    assert all(scene.nodes[wire.start].x < scene.nodes[wire.end].x for wire in scene.wires)


def test_a_hundred_layers_stay_a_picture():
    scene = diagram_scene(example("digits-sigmoid-100"))
    assert len(scene.nodes) < 400
    assert len(scene.layer_labels) < 15


def test_a_large_network_says_what_it_leaves_out():
    assert diagram_scene(example("digits-sigmoid-20")).note == "each column shows its first 8 units"
    assert diagram_scene(example("insurance")).note == ""


@pytest.mark.parametrize(
    ("owners", "note"), [((True, True), ""), ((False, True), "some layers without bias"), ((False, False), "no biases")]
)
def test_layers_without_bias_are_told(owners, note):
    layers = tuple(DenseLayer(width=1, bias=owns) for owns in owners)
    experiment = network_experiment(
        [1, 1, 1],
        ["sigmoid"] * 2,
        [[1.0]],
        [[0.5]],
        network=FeedForward(inputs=1, layers=layers),
        initialisation=ScaledGaussian(sigma_w=1.0),
    )
    assert diagram_scene(experiment).note == note


def test_units_without_a_name_are_called_as_in_the_derivation_and_no_two_alike():
    experiment = network_experiment([2, 2, 1], ["tanh", "tanh"], [[1.0, 2.0]], [[0.0]])
    labels = [node.label for node in diagram_scene(experiment).nodes]
    assert labels == ["x₁", "x₂", "h₁⁽¹⁾", "h₂⁽¹⁾", "h₁⁽²⁾", "L"]


@pytest.mark.parametrize("name", ["four-steps-rnn", "four-steps-lstm", "four-steps-gru"])
def test_a_recurrent_network_shows_its_state_at_each_time_step(name):
    experiment = example(name)
    scene = diagram_scene(experiment, derive(experiment, "u1"))
    task, network = experiment.task, experiment.network
    parameters = named_arrays(network, draw(experiment))
    states = recurrent_states(network, parameters, np.array(task.inputs))
    shown = [node.value for node in scene.nodes if node.place.kind is PlaceKind.UNIT and node.place.layer]
    assert shown == pytest.approx([h.item().real for h in states], rel=1e-12)
    assert scene.nodes[0].value is None  # each time step has an input of its own
    assert scene.nodes[-1].value == pytest.approx(derive(experiment, "u1").loss)
