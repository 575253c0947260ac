"""What differs between two experiments is told in words, each difference once."""

import itertools

import msgspec

from vgdesk.spec.difference import difference, difference_words
from vgdesk.spec.initialisation import He
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.optimiser import Adam

DEEP = example("digits-sigmoid-20")


def with_layers(layers):
    return msgspec.structs.replace(DEEP, network=msgspec.structs.replace(DEEP.network, layers=tuple(layers)))


def test_the_same_experiment_has_no_difference_whatever_it_is_called():
    renamed = msgspec.structs.replace(DEEP, name="other", title="Other")
    assert difference(DEEP, renamed) == ()
    assert difference_words(DEEP, renamed) == "no difference"


def test_a_change_in_many_layers_stands_once_with_their_range():
    hidden = [msgspec.structs.replace(layer, activation="tanh") for layer in DEEP.network.layers[:-1]]
    other = with_layers([*hidden, DEEP.network.layers[-1]])
    assert difference_words(DEEP, other) == "activation sigmoid → tanh in layers 1–19"


def test_a_change_in_some_layers_names_one_or_counts_them():
    layers = list(DEEP.network.layers)
    layers[2] = msgspec.structs.replace(layers[2], dropout=0.5)
    assert difference_words(DEEP, with_layers(layers)) == "dropout 0 → 0.5 in layer 3"
    layers[6] = msgspec.structs.replace(layers[6], dropout=0.5)
    assert difference_words(DEEP, with_layers(layers)) == "dropout 0 → 0.5 in 2 layers between 3 and 7"


def test_fewer_layers_are_told_as_depth():
    fewer = with_layers([*DEEP.network.layers[:2], DEEP.network.layers[-1]])
    assert difference_words(DEEP, fewer) == "depth 20 layers → 3"


def test_fields_inside_are_named_and_kinds_are_spelt_with_what_is_unusual():
    training = msgspec.structs.replace(DEEP.training, steps=7, optimiser=Adam(learning_rate=0.01))
    words = difference_words(DEEP, msgspec.structs.replace(DEEP, training=training, seed=3))
    assert words == (
        "optimiser SGD (learning rate 0.05) → Adam (learning rate 0.01); training steps 600 → 7; seed 0 → 3"
    )


def test_any_two_examples_can_be_compared_in_both_directions():
    for one, other in itertools.combinations(EXAMPLES, 2):
        there, back = difference(example(one), example(other)), difference(example(other), example(one))
        assert there, (one, other)
        assert {(c.field, c.before, c.after) for c in there if c.field != "depth"} == {
            (c.field, c.after, c.before) for c in back if c.field != "depth"
        }
        assert all(len(change.words) < 300 for change in there)


def test_differences_are_told_in_the_words_of_people():
    hidden = [msgspec.structs.replace(layer, activation="leaky-relu") for layer in DEEP.network.layers[:-1]]
    other = msgspec.structs.replace(with_layers([*hidden, DEEP.network.layers[-1]]), initialisation=He())
    assert "activation sigmoid → leaky ReLU in layers" in difference_words(DEEP, other)
    assert "initialisation Glorot → He" in difference_words(DEEP, other)
    mean, half = (msgspec.structs.replace(example("insurance"), loss=loss) for loss in ("mse", "half-mse-sum"))
    assert difference_words(mean, half) == "loss mean squared error → ½ Σ (y − t)²"
