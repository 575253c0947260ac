"""Bundled examples load, and what is not among them is refused by its name."""

from pathlib import Path

import pytest

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import experiment_to_json
from vgdesk.spec.library import EXAMPLES, example, find_experiment


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_loads_under_its_own_name(name: str):
    assert example(name).name == name
    assert example(name).title


def test_every_bundled_file_is_an_example():
    assert {path.stem for path in resource("examples").glob("*.json")} == set(EXAMPLES)


def test_unknown_example_lists_the_known_ones():
    with pytest.raises(SpecError) as caught:
        example("insurence")
    assert str(caught.value) == f"unknown example 'insurence'; the examples are {', '.join(EXAMPLES)}"


def test_first_example_is_the_insurance_network():
    assert EXAMPLES[0] == "insurance"
    assert example("insurance").feed_forward.input_names == ("age", "education", "income", "savings")


def test_deep_example_has_twenty_layers_of_sixteen():
    network = example("digits-sigmoid-20").feed_forward
    assert network.widths == (64, *[16] * 19, 10)
    assert {layer.activation for layer in network.layers[:-1]} == {"sigmoid"}


def test_no_example_is_there_twice():
    assert len(set(EXAMPLES)) == len(EXAMPLES)


def test_experiment_is_found_by_name_or_read_from_a_file(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text(experiment_to_json(example("mazur")), encoding="utf-8")
    assert find_experiment(str(path)) == find_experiment("mazur") == example("mazur")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_file_with_a_byte_order_mark_is_read_in_its_encoding(tmp_path: Path, encoding: str):
    path = tmp_path / "mine.json"
    path.write_text(experiment_to_json(example("digits-tanh-20")), encoding=encoding)
    assert find_experiment(str(path)) == example("digits-tanh-20")


def test_file_that_breaks_the_promise_of_its_mark_is_named(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_bytes("{}".encode("utf-16") + b"x")
    with pytest.raises(SpecError, match=r"mine\.json must be utf-16.* text, but byte \d+ is not"):
        find_experiment(str(path))


@pytest.mark.parametrize("name", ["a" * 5000, "a" * 5000 + ".json", "nul\0.json"])
def test_name_that_no_file_can_have_is_one_short_sentence(name: str):
    with pytest.raises(SpecError) as caught:
        find_experiment(name)
    assert len(str(caught.value)) < 600


def test_missing_file_is_one_sentence(tmp_path: Path):
    path = tmp_path / "missing.json"
    with pytest.raises(SpecError) as caught:
        find_experiment(str(path))
    assert str(caught.value) == f"cannot read the experiment {str(path)!r}: No such file or directory"


def test_damaged_file_is_named(tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SpecError, match=r"mine\.json must be JSON"):
        find_experiment(str(path))


def test_unknown_name_that_is_no_file_lists_the_examples():
    with pytest.raises(SpecError, match="the examples are insurance"):
        find_experiment("nothing-of-that-name")


def test_a_folder_is_said_to_be_one(tmp_path):
    with pytest.raises(SpecError, match="is a folder, not an experiment"):
        find_experiment(str(tmp_path))
