"""A person chooses activation and initialisation at the toolbar."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAction

from vgdesk.spec.activation import ACTIVATIONS, FORMULA
from vgdesk.spec.initialisation import FixedGaussian, Orthogonal
from vgdesk.spec.library import example
from vgdesk.ui.chrome.toolbar import BUTTONS, LAST_BUTTONS, Toolbar
from vgdesk.ui.state.desk import make_desk
from vgdesk.ui.state.edits import with_activation
from vgdesk.ui.state.initialisations import INITIALISATIONS


@pytest.fixture
def bar(qtbot):
    """Returns a shown toolbar and the session that it edits."""
    owner = QObject()
    desk = make_desk(owner, "light", None)
    toolbar = Toolbar(desk, {name: QAction(name, owner) for name in (*BUTTONS, *LAST_BUTTONS)})
    qtbot.addWidget(toolbar)
    owner.setParent(toolbar)
    with qtbot.waitExposed(toolbar):
        toolbar.show()
    yield toolbar, desk.session
    desk.jobs.close()


def type_into(qtbot, spin, text):
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, text)
    qtbot.keyClick(spin, Qt.Key.Key_Return)


def test_every_activation_and_rule_is_offered_once(bar):
    toolbar, _ = bar
    assert sorted(toolbar.activations.keys()) == sorted((*ACTIVATIONS, FORMULA))
    assert toolbar.initialisations.keys() == list(INITIALISATIONS)


def test_an_alpha_from_a_file_is_shown_and_stays_on_offer(bar, qtbot):
    toolbar, session = bar
    session.choose_training(with_activation(example("digits-tanh-20"), "elu(0.5)"))
    assert toolbar.activations.currentText() == "ELU (α = 0.5)"
    qtbot.keyClicks(toolbar.activations, "mish")
    assert session.training.network.layers[0].activation == "mish"
    assert toolbar.activations.findData("elu(0.5)") >= 0


def test_typing_a_name_chooses_the_activation(bar, qtbot):
    toolbar, session = bar
    qtbot.keyClicks(toolbar.activations, "mish")
    assert session.training.network.layers[0].activation == "mish"
    assert session.training.title.startswith("Mish, Glorot uniform, 20 layers")


def test_a_number_appears_with_the_rule_that_has_one(bar, qtbot):
    toolbar, session = bar
    assert not toolbar.number.isVisible()
    qtbot.keyClicks(toolbar.initialisations, "fixed")
    assert toolbar.number.isVisible()
    assert toolbar.number.text() == "std 0.010"
    type_into(qtbot, toolbar.number, "0.05")
    assert session.training.initialisation == FixedGaussian(std=0.05)


@pytest.fixture
def german() -> Iterator[None]:
    """Has the system write numbers with a comma."""
    former = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    yield
    QLocale.setDefault(former)


def test_a_number_has_a_point_whatever_the_system_writes(german, bar, qtbot):
    toolbar, session = bar
    qtbot.keyClicks(toolbar.initialisations, "fixed")
    assert toolbar.number.text() == "std 0.010"
    type_into(qtbot, toolbar.number, "0.05")
    assert session.training.initialisation == FixedGaussian(std=0.05)


def test_the_number_goes_back_to_the_usual_one_with_another_rule(bar, qtbot):
    toolbar, session = bar
    qtbot.keyClicks(toolbar.initialisations, "fixed")
    type_into(qtbot, toolbar.number, "0.05")
    qtbot.keyClick(toolbar.initialisations, Qt.Key.Key_Up)
    assert toolbar.number.text() == "σ 1.00"
    qtbot.keyClick(toolbar.initialisations, Qt.Key.Key_Down)
    assert session.training.initialisation == FixedGaussian(std=0.01)


def test_showing_an_experiment_is_not_an_edit_of_it(bar):
    toolbar, session = bar
    rule = Orthogonal(gain=1.23456)
    experiment = msgspec.structs.replace(session.training, initialisation=rule)
    session.choose_training(experiment)
    assert toolbar.number.text() == "gain 1.23"
    assert session.training.initialisation == rule


def test_a_rule_that_does_not_fit_is_refused_in_words_and_taken_back(bar, qtbot):
    toolbar, session = bar
    session.choose_training(example("insurance-sparse"))
    qtbot.keyClicks(toolbar.initialisations, "orth")
    assert session.training == example("insurance-sparse")
    assert toolbar.initialisations.currentText() == "given numbers"
