"""`vgdesk edit`: the network editor in the terminal."""

from vgdesk.spec.files import read_experiment
from vgdesk.spec.library import example


def test_a_two_two_one_network_is_made_from_nothing(vgdesk, tmp_path):
    places = ("--add-layer", "0", "--add-unit", "0", "--add-unit", "1", "--remove-edge", "1,2,1")
    assert vgdesk("edit", "new", *places, "--rename", "1,1,Attention", "--out", "n.json").out == "wrote n.json\n"
    made = read_experiment(tmp_path / "n.json")
    assert made.feed_forward.widths == (2, 2, 1)
    assert made.feed_forward.layer_sources(1, 2) == (2,)
    assert made.feed_forward.unit_name(1, 1) == "Attention"


def test_a_new_layer_is_like_its_hidden_neighbour_as_it_is_in_the_window(vgdesk, tmp_path):
    vgdesk("edit", "circles", "--add-layer", "1", "--out", "n.json")
    layers = read_experiment(tmp_path / "n.json").feed_forward.layers
    assert [(layer.width, layer.activation) for layer in layers[:2]] == [(8, "tanh"), (8, "tanh")]


def test_a_bundled_example_that_was_edited_bears_another_name(vgdesk, tmp_path):
    vgdesk("edit", "insurance", "--add-unit", "1", "--out", "n.json")
    made = read_experiment(tmp_path / "n.json")
    assert made.name == "insurance-edited"
    assert made.feed_forward.widths[1] == example("insurance").feed_forward.widths[1] + 1


def test_a_place_of_the_wrong_form_is_one_sentence(vgdesk):
    answer = vgdesk("edit", "insurance", "--remove-edge", "1,2", "--out", "n.json")
    assert answer.status == 2
    assert "the place of an edit must be 3 integers with commas between, got '1,2'" in answer.err


def test_a_unit_gets_an_activation_of_its_own_after_its_layer(vgdesk, tmp_path):
    vgdesk("edit", "insurance", "--unit-activation", "1,2,elu(0.5)", "--activation", "1,relu", "--out", "n.json")
    assert read_experiment(tmp_path / "n.json").feed_forward.layers[0].unit_activations == ("relu", "elu(0.5)")


def test_a_unit_can_have_a_formula_with_commas(vgdesk, tmp_path):
    vgdesk("edit", "insurance", "--unit-activation", "1,1,formula: max(z, 0.1*z)", "--out", "n.json")
    assert read_experiment(tmp_path / "n.json").feed_forward.activation_of(1, 1) == "formula: max(z, 0.1*z)"


def test_an_activation_that_a_unit_cannot_have_is_one_sentence(vgdesk):
    answer = vgdesk("edit", "insurance", "--unit-activation", "1,1,tan", "--out", "n.json")
    assert answer.status == 2
    assert "activation of unit 1 must be one of sigmoid, tanh" in answer.err


def test_a_name_can_be_taken_away_but_never_holds_a_comma(vgdesk, tmp_path):
    vgdesk("edit", "new", "--add-unit", "1", "--rename", "1,1,Attention", "--out", "n.json")
    assert vgdesk("edit", "n.json", "--rename", "1,1,", "--out", "m.json").status == 0
    assert "Attention" not in (tmp_path / "m.json").read_text()
    done = vgdesk("edit", "n.json", "--rename", "1,1,a,b", "--out", "o.json")
    assert done.err == ("vgdesk: name of a unit must hold no comma, which parts the names of a list; got 'a,b'\n")
    assert not (tmp_path / "o.json").exists()
