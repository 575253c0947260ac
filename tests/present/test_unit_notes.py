"""The diagram writes activations where units differ, and says nothing where all are alike."""

from vgdesk.present.diagram import diagram_scene
from vgdesk.spec.edit import with_unit_activation
from vgdesk.spec.library import example

INSURANCE = example("insurance")


def notes(experiment):
    """Returns what stands below the names, from the inputs on."""
    return [node.note for node in diagram_scene(experiment).nodes]


def test_units_that_are_alike_have_no_notes():
    assert set(notes(INSURANCE)) == {""}


def test_every_unit_but_the_inputs_and_the_loss_tells_its_activation():
    mixed = with_unit_activation(INSURANCE, 1, 2, "elu(0.5)")
    assert notes(mixed) == ["", "", "", "", "sigmoid", "ELU (α = 0.5)", "sigmoid", ""]
    assert diagram_scene(mixed).nodes[5].text == "Affordability (ELU (α = 0.5))"
    assert diagram_scene(mixed).note == "activations unit by unit"


def test_formulas_of_ones_own_are_called_as_in_the_derivation():
    once = with_unit_activation(INSURANCE, 1, 1, "formula: z/(1 + exp(-z))")
    assert notes(once)[4:7] == ["φ", "sigmoid", "sigmoid"]
    twice = with_unit_activation(once, 1, 2, "formula: max(z, 0.1*z)")
    assert notes(twice)[4:7] == ["φ₁", "φ₂", "sigmoid"]


def test_in_a_large_network_the_activation_is_told_on_hover_only():
    wide = with_unit_activation(example("digits-tanh-20"), 3, 1, "relu")
    scene = diagram_scene(wide)
    assert {node.note for node in scene.nodes} == {""}
    assert [node.text for node in scene.nodes if node.text.endswith("(ReLU)")] == ["unit 1 of layer 3 (ReLU)"]
