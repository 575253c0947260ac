"""`vgdesk gradients`: exact gradients for given arrays, under the names the help tells."""

from pathlib import Path

import numpy as np
import pytest

from vgdesk.records.parameters import parameter_names
from vgdesk.spec.library import example
from vgdesk.training.array_file import array_bytes
from vgdesk.training.data import load_parts
from vgdesk.training.gradient import gradient
from vgdesk.training.parameters import draw

KINDS = ("digits-bn-relu-20", "digits-resnet-50", "digits-rnn-rows", "copy-gru", "temporal-order-lstm")


def arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("name", KINDS)
def test_every_parameter_has_its_gradient_in_its_shape(vgdesk, tmp_path: Path, name: str):
    vgdesk("gradients", name, "--out", str(tmp_path / "g.npz"))
    found = arrays(tmp_path / "g.npz")
    for parameter, shape in parameter_names(example(name).network).items():
        assert found[f"d{parameter}"].shape == shape


@pytest.mark.parametrize("name", ["digits-rnn-rows", "mazur"])
def test_the_numbers_are_those_of_the_training_route(vgdesk, tmp_path: Path, name: str):
    vgdesk("gradients", name, "--out", str(tmp_path / "g.npz"))
    experiment, found = example(name), arrays(tmp_path / "g.npz")
    data = load_parts(experiment).training
    data = data.first(experiment.training.batch_of(len(data.inputs)))
    expected = gradient(experiment, draw(experiment), data.inputs, data.targets)
    assert float(found["loss"]) == expected.loss
    np.testing.assert_array_equal(found["log10_dh"], expected.log10_state_norm)


def test_gradient_at_the_input_is_given_through_layers_only(vgdesk, tmp_path: Path):
    for name in ("digits-resnet-50", "copy-gru"):
        vgdesk("gradients", name, "--out", str(tmp_path / f"{name}.npz"))
    layered, recurrent = (arrays(tmp_path / f"{name}.npz") for name in ("digits-resnet-50", "copy-gru"))
    assert layered["dh0"].shape[1] == 64
    assert float(layered["log10_dh0"]) == pytest.approx(np.log10(np.linalg.norm(layered["dh0"])), abs=1e-12)
    assert not {"dh0", "log10_dh0"} & set(recurrent)


def test_saved_arrays_given_back_give_the_same_gradients(vgdesk, tmp_path: Path):
    files = {key: str(tmp_path / f"{key}.npz") for key in "pbgh"}
    vgdesk("gradients", "copy-gru", "--out", files["g"], "--save-parameters", files["p"], "--save-batch", files["b"])
    vgdesk("gradients", "copy-gru", "--out", files["h"], "--parameters", files["p"], "--batch", files["b"])
    first, second = arrays(Path(files["g"])), arrays(Path(files["h"]))
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])


def test_a_wrong_shape_is_one_sentence_and_nothing_is_written(vgdesk, tmp_path: Path):
    shapes = parameter_names(example("mazur").network)
    wrong = {name: np.zeros(shape) for name, shape in shapes.items()} | {"W1": np.zeros((3, 3))}
    (tmp_path / "p.npz").write_bytes(array_bytes(wrong))
    done = vgdesk("gradients", "mazur", "--parameters", str(tmp_path / "p.npz"), "--out", str(tmp_path / "g.npz"))
    assert done.status == 2
    assert "W1 in p.npz must have shape (2, 2), got (3, 3)" in done.err
    assert not (tmp_path / "g.npz").exists()


def test_no_file_is_written_twice(vgdesk, tmp_path: Path):
    same = str(tmp_path / "g.npz")
    done = vgdesk("gradients", "mazur", "--out", same, "--save-batch", same)
    assert done.status == 2
    assert f"--out and --save-batch must be two files, got '{same}' for both" in done.err
