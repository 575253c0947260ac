"""The title of an edited experiment names what was edited since the bundled one, however many edits it took."""

import msgspec
import pytest

from vgdesk.spec import edit
from vgdesk.spec.edited import EDITED, OTHER_NUMBERS, UNKNOWN, edit_note, state_title, with_note
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.layer_alike import with_layer_alike
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.optimiser import Adam
from vgdesk.spec.vary import varied

DEEP, INSURANCE = example("digits-sigmoid-20"), example("insurance")


def edited(experiment: Experiment = DEEP, **fields) -> Experiment:
    for field, value in fields.items():
        experiment = varied(experiment, field, value)
    return msgspec.structs.replace(experiment, name=f"{experiment.name}{EDITED}")


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"activation": "tanh"}, "sigmoid → tanh"),
        ({"activation": "tanh", "seed": 7, "learning_rate": 0.5}, "sigmoid → tanh, +2 more"),
        ({"seed": 7, "learning_rate": 0.5}, "learning rate 0.05 → 0.5, +1 more"),
        ({"seed": 7}, "seed 0 → 7"),
        ({"depth": 3}, "depth 20 layers → 3"),
    ],
)
def test_note_names_the_first_change_and_counts_the_others(fields, note):
    assert edit_note(edited(**fields)) == note


def test_a_first_name_is_told_without_those_that_only_fill_the_list():
    named = edit.with_name(example("xor"), 1, 1, "either")
    assert named.feed_forward.layers[0].unit_names[1] == "h2(1)"
    assert edit_note(edited(named)) == "unit names none → either"


def test_what_is_long_in_brackets_is_told_by_its_kind():
    training = msgspec.structs.replace(DEEP.training, optimiser=Adam(learning_rate=0.01))
    assert edit_note(edited(msgspec.structs.replace(DEEP, training=training))) == "SGD → Adam"


def test_other_numbers_are_told_by_the_name_of_their_field():
    assert edit_note(edited(edit.with_parameter(INSURANCE, "w1", 0.5))) == "other weights"


def test_nobody_knows_what_a_network_of_ones_own_was_before():
    assert edit_note(msgspec.structs.replace(edited(seed=7), name="mine-edited")) == UNKNOWN


def test_a_note_is_never_cut():
    title = with_note("x" * LONGEST_TITLE, edited(activation="tanh"))
    assert len(title) == LONGEST_TITLE
    assert title.endswith(" (sigmoid → tanh)")


def test_any_example_in_the_place_of_another_is_told_in_a_line():
    for name in EXAMPLES:
        note = edit_note(msgspec.structs.replace(example(name), name=f"insurance{EDITED}"))
        assert 0 < len(note) < 60


def test_a_second_edit_is_told_too_and_taking_both_back_gives_the_bundled_experiment():
    once = edit.marked_as_edited(INSURANCE, edit.with_unit(INSURANCE, 1))
    twice = edit.marked_as_edited(once, msgspec.structs.replace(once, seed=5))
    assert (once.name, twice.name) == ("insurance-edited", "insurance-edited")
    assert once.title.endswith("(width 2 → 3)")
    assert twice.title.endswith("(width 2 → 3, +1 more)")
    assert edit.marked_as_edited(twice, msgspec.structs.replace(twice, **contents(INSURANCE))) == INSURANCE


def contents(experiment: Experiment) -> dict[str, object]:
    fields = set(experiment.__struct_fields__) - {"name", "title"}
    return {name: getattr(experiment, name) for name in fields}


def test_a_network_of_other_numbers_tells_what_else_was_edited():
    numbers = edit.with_learning_rate(edit.with_parameter(INSURANCE, "w1", 0.5), 0.25)
    title = f"{INSURANCE.title}{OTHER_NUMBERS}"
    other = msgspec.structs.replace(numbers, name="insurance-edited", title=title)
    wider = edit.marked_as_edited(other, edit.with_unit(other, 1))
    assert wider.title == f"{INSURANCE.title} (width 2 → 3){OTHER_NUMBERS}"
    deeper = edit.marked_as_edited(wider, edit.with_layer(wider, 1))
    assert deeper.title == f"{INSURANCE.title} (depth 2 layers → 3){OTHER_NUMBERS}"
    back = edit.marked_as_edited(wider, edit.without_unit(wider, 1, 3))
    assert (back.title, back.name) == (title, "insurance-edited")


@pytest.mark.parametrize(
    ("name", "now"), [("xor", "now 3 layers × 2, tanh"), ("circles", "now 4 layers × 8, tanh"), ("insurance", "")]
)
def test_a_bundled_title_that_tells_another_structure_tells_the_one_that_is_now(name: str, now: str):
    bundled = example(name)
    deeper = edit.marked_as_edited(bundled, with_layer_alike(bundled, 1))
    assert deeper.title == f"{bundled.title} ({now or 'depth 2 layers → 3'})"
    assert edit.marked_as_edited(deeper, msgspec.structs.replace(deeper, **contents(bundled))) == bundled


def test_what_the_structure_that_is_now_does_not_tell_is_counted_behind_it():
    circles = example("circles")
    deeper = edit.marked_as_edited(circles, with_layer_alike(circles, 1))
    seeded = edit.marked_as_edited(deeper, msgspec.structs.replace(deeper, seed=5))
    assert seeded.title == f"{circles.title} (now 4 layers × 8, tanh, +1 more)"
    mixed = edit.marked_as_edited(deeper, edit.with_layer_option(deeper, 1, "activation", "relu"))
    assert mixed.title == f"{circles.title} (now 4 layers × 8, +1 more)"
    other = mixed
    for layer in (2, 3):
        other = edit.marked_as_edited(other, edit.with_layer_option(other, layer, "activation", "relu"))
    assert other.title == f"{circles.title} (now 4 layers × 8, ReLU)"


def test_an_activation_is_told_as_a_change_in_a_title_that_tells_widths_too():
    circles = example("circles")
    changed = edit.marked_as_edited(circles, edit.with_layer_option(circles, 1, "activation", "relu"))
    assert changed.title == f"{circles.title} (tanh → ReLU)"


def test_numbers_written_down_for_a_new_layer_are_no_change_of_their_own():
    xor = example("xor")
    rows = tuple(tuple(0.5 for _ in range(below * above)) for below, above in ((2, 2), (2, 1)))
    given = edit.with_layer(edit.with_numbers(xor, rows, ((0.0, 0.0), (0.0,))), 1, 2, "tanh")
    assert edit_note(edited(given)) == "depth 2 layers → 3"


def test_a_title_that_somebody_gave_stays_with_other_numbers_too():
    own = msgspec.structs.replace(INSURANCE, name="insurance-edited", title=f"My attempt{OTHER_NUMBERS}")
    assert edit.marked_as_edited(own, edit.with_unit(own, 1)).title == own.title


def test_a_title_that_somebody_gave_stays():
    own = msgspec.structs.replace(INSURANCE, name="insurance-edited", title="My attempt")
    assert edit.marked_as_edited(own, edit.with_unit(own, 1)).title == "My attempt"


FOUND_STATE = msgspec.structs.replace(
    edit.with_parameter(INSURANCE, "w1", 0.5), name="insurance-state", title="Insurance? (d1 = 0.06, d2 = 0.04)"
)


@pytest.mark.parametrize(
    "change", [lambda one: edit.with_unit(one, 1), lambda one: edit.with_parameter(one, "w2", 2.0)]
)
def test_an_edited_state_no_longer_promises_the_values_it_was_found_with(change):
    after = edit.marked_as_edited(FOUND_STATE, change(FOUND_STATE))
    assert after.title == "Insurance? (edited from d₁ = 0.06, d₂ = 0.04)"
    assert after.name == "insurance-state-edited"
    again = edit.marked_as_edited(after, change(after))
    assert (again.title, again.name) == (after.title, after.name)


def test_a_found_state_that_stays_as_it_is_keeps_its_title():
    assert edit.marked_as_edited(FOUND_STATE, FOUND_STATE) is FOUND_STATE


def test_a_state_found_from_an_edited_one_is_called_by_its_own_values():
    after = edit.marked_as_edited(FOUND_STATE, edit.with_unit(FOUND_STATE, 1))
    assert state_title(after.title, "d1 = 0.5") == "Insurance? (d₁ = 0.5)"
    assert len(state_title("x" * LONGEST_TITLE, "d1 = 0.5")) == LONGEST_TITLE
