"""A recurrent network in the window: its time steps are trained, shown, pinned and exported like layers."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QTabBar, QWidget

from tests.ui.person import Person
from vgdesk.records.places import Places
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.recurrent import Recurrent
from vgdesk.ui.panels.elided_label import ElidedLabel

TITLE = example("digits-rnn-rows").title


@pytest.fixture(scope="module")
def someone(person: Person) -> Person:
    """Has chosen the recurrent network and seen its first steps."""
    person.chooses(person.window.toolbar.networks, TITLE)
    person.waits_for(lambda: person.window.desk.session.training.title == TITLE, "the choice")
    if person.window.desk.runs.state.value not in ("starting", "running"):
        person.presses("train")
    person.waits_for(lambda: person.window.desk.runs.history.rows > 3, "the first steps")
    person.rests()
    return person


def test_every_example_can_be_chosen(person: Person):
    assert set(person.window.toolbar.networks.keys()) >= set(EXAMPLES)


def test_bars_are_time_steps_and_none_is_zero(someone: Person):
    scene = someone.window.cards["profile"].scene
    assert (scene.quantity, scene.places, len(scene.bars)) == ("state", Places.TIME, 8)
    assert all(bar.log10 is not None for bar in scene.bars)


@pytest.mark.parametrize("width", [1440, 960])
def test_the_status_draws_the_earliest_time_step_beside_the_verdict(someone: Person, width: int):
    label, verdict = (someone.window.findChild(QWidget, name) for name in ("status", "verdict"))
    assert isinstance(label, ElidedLabel)
    assert verdict is not None
    someone.window.resize(width, 900)
    someone.waits_for(verdict.isVisible, "the verdict")
    someone.waits_for(lambda: label.text().startswith("step "), "the run, after any news")
    kept = " · ".join(someone.status().split(" · ")[:3])
    assert "|∂L/∂h| time step 1: " in kept
    assert label.shown.startswith(kept)
    assert label.width() + verdict.width() <= someone.window.width() == width
    someone.window.resize(1440, 900)


def test_a_pinned_bar_turns_to_the_unrolled_network_and_its_formula(someone: Person):
    someone.clicks("profile", lambda reference: reference.layer == 2)
    someone.waits_for_calm()
    assert "time step 2" in someone.subject("network")
    assert someone.window.cards["derivation"].scene.wrt == "h of time step 2"
    assert someone.window.cards["network"].scene.layers == 8
    someone.presses("release")


def test_another_quantity_is_shown_in_both_pictures(someone: Person):
    chooser = someone.window.cards["profile"].chooser
    someone.chooses(chooser, "|∂L/∂W|")
    someone.waits_for_calm()
    assert someone.window.cards["profile"].scene.places is Places.WEIGHTS
    assert someone.window.cards["heatmap"].scene.values.shape[0] == 3
    someone.chooses(chooser, "|∂L/∂h|")


def test_the_lag_tab_is_there_and_can_be_exported(someone: Person, tmp_path: Path):
    bars = [bar for bar in someone.window.stage.findChildren(QTabBar) if bar.count() and bar.tabText(0) == "Loss"]
    assert [bar.isVisible() for bar in bars] == [True]
    someone.window.stage.show_panel("lag")
    someone.waits_for_calm()
    someone.returns_to_window()
    someone.view("lag").setFocus()
    assert someone.window.stage.current == "lag"
    someone.presses("export_figure")
    someone.fills_in_file_dialog(tmp_path / "lag.csv")
    someone.waits_for(lambda: (tmp_path / "lag.csv").exists(), "the file")
    last = someone.window.desk.runs.history.log10_norm("state")[-1]
    rows = [line.split(",") for line in (tmp_path / "lag.csv").read_text().splitlines()[1:]]
    np.testing.assert_array_equal([float(row[1]) for row in rows], last[::-1])


def test_all_three_routes_of_a_recurrent_network_are_one_figure(someone: Person, tmp_path: Path):
    someone.waits_for(lambda: someone.window.desk.predictions.prediction is not None, "the prediction")
    someone.waits_for_calm()
    someone.presses("export_routes")
    someone.fills_in_file_dialog(tmp_path / "routes.csv")
    someone.waits_for(lambda: (tmp_path / "routes.csv").exists(), "the file")
    assert "The exact points are not in the picture: " in someone.window.desk.messages.sentence
    assert "a derivation is written for at most" in someone.window.desk.messages.sentence
    assert "log10_predicted,log10_deviation" in (tmp_path / "routes.csv").read_text().splitlines()[0]


def test_a_network_of_layers_takes_the_lag_away_again(someone: Person):
    someone.chooses(someone.window.toolbar.networks, example("digits-tanh-20").title)
    someone.waits_for(lambda: not isinstance(someone.window.desk.session.training.network, Recurrent), "the choice")
    bars = [bar for bar in someone.window.stage.findChildren(QTabBar) if bar.count() and bar.tabText(0) == "Loss"]
    assert [bar.isVisible() for bar in bars] == [False]
