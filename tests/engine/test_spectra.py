"""Spectra from another process: of layers, of time, of the counterexample, or why there is none."""

import msgspec

from tests.engine.waiting import last, poll_until
from vgdesk.engine.client import Engine
from vgdesk.engine.events import JobFailed, SpectrumReady
from vgdesk.spec.initialisation import ScaledGaussian
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied


def test_a_network_of_layers_is_answered_by_singular_values(engine: Engine) -> None:
    generation = engine.find_spectrum(example("digits-tanh-20"))
    answer = last(poll_until(engine, SpectrumReady), SpectrumReady)
    assert answer.generation == generation
    assert answer.recurrent is None
    assert answer.jacobian is not None
    assert (answer.jacobian.outputs, answer.jacobian.inputs) == (10, 64)


def test_nothing_but_the_counterexample_needs_no_experiment(engine: Engine) -> None:
    engine.find_spectrum(None)
    answer = last(poll_until(engine, SpectrumReady), SpectrumReady)
    assert answer.recurrent is not None
    assert answer.recurrent.gates[0].spectral_radius == 0.0


def test_weights_that_overflow_are_answered_by_a_sentence(engine: Engine) -> None:
    deep = varied(varied(example("circles"), "activation", "identity"), "depth", 60)
    engine.find_spectrum(msgspec.structs.replace(deep, initialisation=ScaledGaussian(sigma_w=1e6, sigma_b=0.0)))
    failed = last(poll_until(engine, JobFailed), JobFailed)
    assert "must stay below 1.8e308 for a Jacobian; draw smaller weights" in failed.sentence
