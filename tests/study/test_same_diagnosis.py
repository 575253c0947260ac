"""One experiment, seed and number of steps has one diagnosis, whoever trains it and however its rows arrive."""

import msgspec
import numpy as np
import pytest

from vgdesk.diagnosis.diagnose import conclude, diagnose
from vgdesk.diagnosis.observation import begin, observe
from vgdesk.records.finding import Diagnosis, Severity
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.recording import EveryNth, LogSpaced, Recording, What, When
from vgdesk.study.diagnose import diagnose_experiment
from vgdesk.study.race import with_steps
from vgdesk.training.loop import Trainer

BESIDE = ("dead-units", "saturation", "uneven-change", "withering-weights")
"""Signs for which a run that records gradients alone has nothing."""


def told(found: Diagnosis) -> Diagnosis:
    """Returns the diagnosis without the signs that only some recordings show."""
    return msgspec.structs.replace(found, findings=tuple(one for one in found.findings if one.sign not in BESIDE))


def in_portions(experiment: Experiment) -> Diagnosis:
    """Trains as the window does: what a frame brings is looked at, then the next."""
    trainer, seen = Trainer(experiment), begin(experiment)
    while trainer.remaining:
        seen = observe(seen, trainer.advance(3))
    return conclude(seen)


@pytest.mark.parametrize(("name", "steps"), [("circles", 450), ("digits-tanh-20", 300), ("digits-lstm-pixels", 12)])
def test_a_short_training_is_diagnosed_as_a_run_that_is_recorded_or_watched(name: str, steps: int):
    experiment = with_steps(example(name), steps)
    found = told(diagnose_experiment(experiment, steps, workers=1))
    recorded = diagnose(Trainer(experiment).advance(steps), experiment)
    assert found == told(recorded) == told(in_portions(experiment))


@pytest.mark.parametrize("steps", [5, 11, 12])
def test_the_beginning_of_a_longer_run_is_diagnosed_as_a_run_that_ends_there(steps: int):
    experiment = example("digits-bn-relu-20")
    paused = conclude(observe(begin(experiment), Trainer(experiment).advance(steps)))
    found = diagnose_experiment(experiment, steps, workers=1)
    assert (found.log10_gamma, found.sentence) == (paused.log10_gamma, paused.sentence)


@pytest.mark.parametrize("when", [EveryNth(n=7), LogSpaced(per_decade=9)])
def test_a_recording_of_some_steps_is_kept_and_called_one(when: When):
    experiment = msgspec.structs.replace(with_steps(example("circles"), 450), recording=Recording(when=when))
    found = diagnose_experiment(experiment, 450, workers=1)
    assert told(found) == told(in_portions(experiment))
    assert "a running mean over the recorded steps" in found.basis


def test_signs_beside_the_gradient_are_those_of_a_run_that_measures_them_at_every_step():
    what = What(quantities=("weight-norm", "weight-change", "saturated", "dead"))
    experiment = with_steps(example("circles"), 450)
    every = msgspec.structs.replace(experiment, recording=Recording(what=what))
    found = diagnose_experiment(experiment, 450, workers=1)
    assert found == diagnose(Trainer(every).advance(450), every)
    assert not any(one.severity is Severity.NOT_RECORDED for one in found.findings)


def test_what_is_not_cheap_is_measured_at_the_asked_steps_and_the_last_alone():
    what = What(quantities=("saturated", "bias"))
    experiment = msgspec.structs.replace(with_steps(example("circles"), 50), recording=Recording(what=what))
    every, some = (Trainer(experiment, measures=when).advance(50) for when in (None, EveryNth(n=20)))
    rows = [0, 20, 40, 49]
    assert np.flatnonzero(~np.isnan(some.values("saturated")[:, 0])).tolist() == rows
    np.testing.assert_array_equal(some.values("saturated")[rows], every.values("saturated")[rows])
    np.testing.assert_array_equal(some.values("bias"), every.values("bias"))
