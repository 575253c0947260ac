"""The training settings as a list: every field of the specs is offered once, has words, and can be read back."""

import contextlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.lessons import experiment_of, lessons
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.optimiser import OPTIMISERS, Sgd
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recording import Recording
from vgdesk.spec.schedule import Cosine, WarmUp
from vgdesk.spec.training import Training
from vgdesk.ui.state import edits
from vgdesk.ui.state.settings import Kind, Setting, groups_of, waiting, with_setting
from vgdesk.ui.state.settings_words import FIELDS, KINDS

DEEP = example("digits-sigmoid-20")


def settings(experiment):
    return {setting.path: setting for group in groups_of(experiment).values() for setting in group}


def inside(spec: type) -> set[type]:
    """Returns a spec and every spec that one of its fields may hold."""
    found = {spec}
    for field in msgspec.structs.fields(spec):
        members = getattr(field.type, "__args__", (field.type,))
        for member in members:
            if isinstance(member, type) and issubclass(member, Spec):
                found |= inside(member)
    return found


def choose(experiment, path: str, key: str):
    setting = settings(experiment)[path]
    return with_setting(experiment, path, setting.read(key))


def test_every_field_of_training_and_recording_is_offered():
    offered = set(settings(DEEP))
    assert {f"training.{field.name}" for field in msgspec.structs.fields(Training)} <= offered
    assert "recording.when" in offered
    assert "recording.what.histogram" in offered
    assert any(path.startswith("recording.what.quantities.") for path in offered)


def test_every_field_that_can_be_met_has_words():
    specs = inside(Training) | inside(Recording)
    wanted = {f"{spec.__name__}.{field.name}" for spec in specs for field in msgspec.structs.fields(spec)}
    assert wanted - set(FIELDS) == {"Recording.what", "What.quantities"}  # opened, not shown as one setting


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_choice_of_every_example_has_words_and_is_one_of_its_options(name: str):
    for setting in settings(example(name)).values():
        if setting.kind is Kind.CHOICE:
            keys = [option.key for option in setting.options]
            assert setting.value in keys
            assert set(keys) <= set(KINDS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_every_example_reads_back_from_its_text(name: str):
    for setting in settings(example(name)).values():
        if setting.kind in (Kind.NUMBER, Kind.WHOLE):
            assert setting.read(setting.text) == setting.value


@pytest.mark.parametrize(
    ("path", "key"),
    [(path, option.key) for path, setting in settings(DEEP).items() for option in setting.options],
)
def test_every_option_makes_an_experiment_that_can_be_written_and_read(path: str, key: str):
    edited = choose(DEEP, path, key)
    assert settings(edited)[path].value == key
    assert experiment_from_json(experiment_to_json(edited)) == edited


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_optimiser_is_offered_by_the_name_of_the_command_line_and_has_its_usual_numbers(name: str):
    adam = choose(DEEP, "training.optimiser", "adam")
    chosen = choose(choose(adam, "training.optimiser", "adagrad"), "training.optimiser", name)
    assert chosen.training.optimiser == OPTIMISERS[name]


def test_another_form_of_the_same_rule_keeps_learning_rate_and_decay():
    edited = with_setting(DEEP, "training.optimiser.learning_rate", 0.5)
    edited = choose(edited, "training.optimiser", "nesterov")
    assert edited.training.optimiser == Sgd(learning_rate=0.5, momentum=0.9, nesterov=True)


def test_a_schedule_begins_with_the_length_of_the_run_and_can_follow_a_warm_up():
    edited = choose(DEEP, "training.schedule", "warm-up")
    edited = choose(edited, "training.schedule.after", "cosine")
    assert edited.training.schedule == WarmUp(steps=60, after=Cosine(steps=600))


def test_an_empty_batch_size_takes_all_examples():
    setting = settings(DEEP)["training.batch_size"]
    edited = with_setting(DEEP, setting.path, setting.read(" "))
    assert edited.training.batch_size is None
    assert settings(edited)["training.batch_size"].text == ""


def test_a_quantity_is_switched_on_and_off_again():
    path = "recording.what.quantities.update"
    edited = with_setting(with_setting(DEEP, path, True), "recording.what.quantities.bias", True)
    assert edited.recording.what.quantities == ("bias", "update")
    assert with_setting(edited, path, False).recording.what.quantities == ("bias",)


def test_what_is_recorded_is_no_part_of_the_title():
    path = "recording.what.quantities.bias"
    wider = with_setting(DEEP, path, True)
    assert (wider.name, wider.title) == (f"{DEEP.name}-edited", DEEP.title)
    assert with_setting(wider, path, False) == DEEP
    faster = with_setting(wider, "training.optimiser.learning_rate", 0.2)
    assert faster.title.endswith("(learning rate 0.05 → 0.2)")
    assert with_setting(faster, path, False).title == faster.title
    own = msgspec.structs.replace(DEEP, name="mine", title="My attempt")
    assert with_setting(own, path, True).title == "My attempt"


def test_a_step_of_a_lesson_that_records_more_bears_the_title_of_its_network():
    gates = [
        edits.renamed(experiment_of(step))
        for one in lessons()
        for step in one.steps
        if not step.vary and experiment_of(step) != example(step.experiment)
    ]
    assert gates
    assert [one.title for one in gates] == [example(one.name.removesuffix("-edited")).title for one in gates]


def test_only_quantities_of_the_network_are_offered():
    assert "recording.what.quantities.forget-gate" not in settings(DEEP)
    assert "recording.what.quantities.forget-gate" in settings(example("adding-lstm-200"))


def test_dropout_goes_into_every_hidden_layer_and_not_into_the_output():
    edited = with_setting(DEEP, "network.dropout", 0.25)
    assert [layer.dropout for layer in edited.feed_forward.layers] == [0.25] * 19 + [0.0]
    assert settings(edited)["network.dropout"].value == 0.25


def test_layers_of_different_dropout_show_an_empty_line_that_changes_nothing():
    first, *others = DEEP.feed_forward.layers
    layers = (msgspec.structs.replace(first, dropout=0.5), *others)
    mixed = msgspec.structs.replace(DEEP, network=msgspec.structs.replace(DEEP.network, layers=layers))
    setting = settings(mixed)["network.dropout"]
    assert (setting.text, setting.empty) == ("", "layer by layer")
    assert with_setting(mixed, setting.path, setting.read("")) == mixed


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("training.steps", "many", "steps must be an integer, got 'many'"),
        ("training.steps", "0", "steps must be an integer from 1 to 10000000, got 0"),
        ("training.optimiser.learning_rate", "", "learning_rate must be a number, got ''"),
        (
            "training.optimiser.learning_rate",
            "nan",
            "learning_rate must be a finite number from 0 to 1,000,000,000, got nan",
        ),
        ("training.optimiser.momentum", "1", "momentum must be below 1, got 1"),
        ("training.batch_size", "2000", "batch_size must be at most the 1797 examples of the task, got 2000"),
        ("network.dropout", "1", "dropout must be a finite number from 0 to 0.99, got 1.0"),
    ],
)
def test_a_bad_value_is_one_sentence(path: str, text: str, sentence: str):
    with pytest.raises(SpecError) as refused:
        with_setting(DEEP, path, settings(DEEP)[path].read(text))
    assert str(refused.value) == sentence


def test_an_edit_there_and_back_again_is_the_bundled_experiment():
    there = with_setting(DEEP, "training.steps", 700)
    assert there.name == "digits-sigmoid-20-edited"
    assert with_setting(there, "training.steps", 600) == DEEP


def test_a_chosen_kind_waits_for_its_fields_too():
    adam = choose(DEEP, "training.optimiser", "adam")
    assert waiting(DEEP, adam) == {"training.optimiser"}
    assert waiting(None, adam) == waiting(adam, adam) == frozenset()
    assert waiting(DEEP, with_setting(DEEP, "training.clipping", ClipByNorm())) == {"training.clipping"}


@pytest.mark.parametrize("value", [1 / 3, 1e-8, 0.1 + 0.2, 600, 5e-324])
def test_the_text_of_a_number_is_the_number(value: float):
    setting = Setting("any", "any", "any", Kind.NUMBER, value)
    assert setting.read(setting.text) == value


@given(st.sampled_from(EXAMPLES), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), min_size=1, max_size=6))
def test_whatever_is_chosen_is_refused_in_words_or_can_be_saved_and_bears_no_stranger_s_name(name, picks):
    edited = example(name)
    for row, column in picks:
        offered = [setting for setting in settings(edited).values() if setting.options]
        setting = offered[row % len(offered)]
        option = setting.options[column % len(setting.options)]
        with contextlib.suppress(SpecError):  # e.g. pre-training of a network with normalised layers
            edited = with_setting(edited, setting.path, option.value)
    assert experiment_from_json(experiment_to_json(edited)) == edited
    assert edited.name not in EXAMPLES or edited == example(edited.name)
