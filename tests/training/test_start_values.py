"""Parameters given by name start there, in every kind of network; the others are drawn as ever."""

import msgspec
import numpy as np
import pytest
from msgspec import structs

from tests.builders import classifier, reader
from vgdesk.errors import SpecError
from vgdesk.records.learned_names import learned_names, learned_positions
from vgdesk.records.parameters import named_arrays
from vgdesk.spec.experiment import Experiment, experiment_to_json
from vgdesk.spec.files import experiment_from_json
from vgdesk.spec.layer import Highway
from vgdesk.spec.planar import Xor
from vgdesk.spec.recurrent import Gru, Lstm
from vgdesk.spec.sequences import AddingProblem
from vgdesk.spec.start_values import StartValue
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.training.parameters import draw

TASK = AddingProblem(length=3, count=4)
GATED = classifier(Xor(), [2, 3, 3, 1], "mse")
GATED = structs.replace(
    GATED,
    network=structs.replace(
        GATED.feed_forward,
        layers=tuple(
            structs.replace(layer, normalisation="batch", skip=Highway()) if number == 1 else layer
            for number, layer in enumerate(GATED.feed_forward.layers)
        ),
    ),
)
EXPERIMENTS = [reader(TASK, width=2), reader(TASK, Lstm(), width=2), reader(TASK, Gru(), width=2), GATED]


def given(experiment: Experiment, **values: float) -> Experiment:
    return structs.replace(
        experiment, start_values=tuple(StartValue(name=name, value=value) for name, value in values.items())
    )


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_single_parameter_can_be_given(experiment: Experiment):
    drawn = named_arrays(experiment.network, draw(experiment))
    for name, (array, index) in learned_positions(experiment.network).items():
        changed = named_arrays(experiment.network, draw(given(experiment, **{name: 42.0})))
        assert changed[array][index] == 42.0
        assert sum(int(np.sum(changed[one] != drawn[one])) for one in drawn) == 1


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_names_lie_where_the_derivation_says(experiment: Experiment):
    told = {entry.name: (entry.array, entry.position) for entry in learned_numbers(experiment.network)}
    assert learned_positions(experiment.network) == told
    assert list(told) == learned_names(experiment.network)


def test_a_name_that_the_network_does_not_have_is_refused():
    with pytest.raises(SpecError, match="the network has no parameter 'u99'; allowed are w1"):
        draw(given(EXPERIMENTS[0], u99=1.0))


def test_a_parameter_has_one_start_value():
    twice = (StartValue(name="u1", value=1.0), StartValue(name="u1", value=2.0))
    with pytest.raises(SpecError, match="each parameter once, got u1 twice"):
        structs.replace(EXPERIMENTS[0], start_values=twice)


def test_a_start_value_is_finite():
    with pytest.raises(SpecError, match="start value of u1 must be a finite number"):
        StartValue(name="u1", value=float("inf"))


def test_start_values_survive_the_file_and_old_files_have_none():
    experiment = given(EXPERIMENTS[1], u1=0.25)
    assert experiment_from_json(experiment_to_json(experiment)) == experiment
    old = msgspec.json.decode(experiment_to_json(EXPERIMENTS[1]))
    del old["start_values"]
    assert experiment_from_json(msgspec.json.encode(old).decode()) == EXPERIMENTS[1]
