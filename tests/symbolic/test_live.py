"""A live derivation told with other numbers is the derivation that would be made anew with them."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.test_symbolic_networks import layered, sequential
from vgdesk.present.live import LiveTeller
from vgdesk.records.codec import from_bytes, to_bytes
from vgdesk.records.formula import Number
from vgdesk.records.learned_names import learned_names
from vgdesk.records.live import LiveDerivation
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.optimiser import OPTIMISERS
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.schedule import WarmUp
from vgdesk.study.what_if import derive_changed, live, view_changed

CLOSE = 1e-12
"""Relative: float64 against 60 digits, over the few operations of a small network."""
ROUNDING = 1e-13
"""Of the largest number told: what a difference of two close numbers may lose besides."""
NORMALISED = 1e-10
"""The same where sums are divided by the standard deviation of a few numbers, which may nearly agree."""
READABLE = ["insurance", "insurance-sparse", "classic-chain", "chain-exploding", "mazur", "xor", "circles"]


def numbers_of(part: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], float]:
    """Returns every number of a record by the way to it."""
    if isinstance(part, Number):
        return {path: part.value}
    if isinstance(part, float):
        return {path: part}
    inner: list[tuple[Any, Any]] = []
    if isinstance(part, tuple):
        inner = list(enumerate(part))
    elif isinstance(part, np.ndarray):
        inner = list(enumerate(part.ravel().tolist()))
    elif isinstance(part, msgspec.Struct):
        inner = [(name, getattr(part, name)) for name in part.__struct_fields__]
    return {way: value for key, one in inner for way, value in numbers_of(one, (*path, key)).items()}


def require_same(told: Any, exact: Any, rounding: float = ROUNDING) -> None:
    """Fails unless both records have the same numbers at the same places."""
    found, wanted = numbers_of(told), numbers_of(exact)
    assert found.keys() == wanted.keys()
    size = max((abs(value) for value in wanted.values() if math.isfinite(value)), default=0.0)
    for way, value in wanted.items():
        if "log10" in str(way[-1]) and value > -math.inf:  # as exact as the number that it is the logarithm of
            found[way], value = 10.0 ** found[way], 10.0**value
        assert found[way] == pytest.approx(value, rel=CLOSE, abs=rounding * size, nan_ok=True), way


def changes_of(told: LiveDerivation, seed: int) -> dict[str, float]:
    """Returns another number for everything that can be changed; targets and rate stay between 0 and 1."""
    generator = np.random.default_rng(seed)
    return {number.name: float(generator.uniform(0.1, 0.9)) for number in told.numbers}


def require_same_profile(told: np.ndarray, exact: np.ndarray, rounding: float) -> None:
    """Fails unless both profiles agree; a norm that is 0 but for rounding may be any number as small as that."""
    noise = np.max(exact, initial=-np.inf) + math.log10(rounding)
    is_noise = (exact < noise) & (told < noise)
    np.testing.assert_allclose(told[~is_noise], exact[~is_noise], rtol=0, atol=1e-9)


def require_faithful(experiment: Experiment, wrt: str, seed: int, rounding: float = ROUNDING) -> None:
    found = live(experiment, wrt)
    changes = changes_of(found, seed)
    moment = LiveTeller(found).tell(changes, derive_changed(experiment, wrt, {})[0])
    derivation, profile = derive_changed(experiment, wrt, changes)
    require_same(moment.derivation, derivation, rounding)
    if moment.profile is not None:
        require_same_profile(moment.profile.log10_norm, profile.log10_norm, rounding)


@pytest.mark.parametrize("name", READABLE)
def test_every_number_of_a_bundled_derivation_follows(name: str):
    experiment = example(name)
    for wrt in ("w1", learned_names(experiment.network)[-1]):
        require_faithful(experiment, wrt, seed=3)


@settings(max_examples=15, deadline=None)
@given(experiment=layered(), seed=st.integers(0, 2**20), which=st.integers(0, 10**6))
def test_every_number_follows_in_layers_with_options(experiment: Experiment, seed: int, which: int):
    names = learned_names(experiment.network)
    require_faithful(experiment, names[which % len(names)], seed, NORMALISED)


@pytest.mark.parametrize("cell", [VanillaCell(), Lstm(), Gru(), Gru(reset="before")], ids=str)
def test_every_number_follows_through_three_time_steps(cell: Any):
    @settings(max_examples=4, deadline=None)
    @given(experiment=sequential(cell, steps=3), seed=st.integers(0, 2**20), which=st.integers(0, 10**6))
    def follows(experiment: Experiment, seed: int, which: int):
        names = learned_names(experiment.network)
        require_faithful(experiment, names[which % len(names)], seed)

    follows()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_update_follows_for_every_optimiser(name: str):
    experiment = example("mazur")
    training = msgspec.structs.replace(experiment.training, optimiser=OPTIMISERS[name], schedule=WarmUp(steps=3))
    require_faithful(msgspec.structs.replace(experiment, training=training), "w5", seed=5)


@pytest.mark.parametrize("view", ["paths", "matrix", "ledger"])
def test_every_number_of_a_view_follows(view: str):
    """Small changes, because the order of the paths is kept."""
    experiment = example("mazur")
    found = live(experiment, "w1")
    teller, changes = LiveTeller(found), {"w1": 0.16, "i1": 0.06, "b1": 0.34}
    moment = teller.tell(changes, derive_changed(experiment, "w1", {})[0])
    require_same(teller.view(view, moment), view_changed(experiment, "w1", view, changes))


def test_a_live_derivation_travels_between_processes_unharmed():
    found = live(example("insurance"), "w1")
    again = from_bytes(to_bytes(found), LiveDerivation)
    exact = derive_changed(example("insurance"), "w1", {})[0]
    require_same(LiveTeller(again).tell({"age": 0.7}, exact), LiveTeller(found).tell({"age": 0.7}, exact))


def test_without_changes_the_told_derivation_is_the_exact_one():
    exact = derive_changed(example("insurance"), "w1", {})[0]
    told = LiveTeller(live(example("insurance"), "w1")).tell({}, exact).derivation
    assert told.value == pytest.approx(0.0015, rel=CLOSE)
    assert [step.note for step in told.steps] == [step.note for step in exact.steps]
