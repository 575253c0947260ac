"""What was said of a network goes with it; what is said of something else stays."""

import pytest
from PySide6.QtCore import QObject

from vgdesk.spec.library import example
from vgdesk.ui.state.message_ends import MessageEnds
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session


@pytest.fixture
def desk(qapp):
    """Those of an empty desk: session and messages; the owner lives as long."""
    owner = QObject()
    session, messages = Session(owner), Messages(owner)
    MessageEnds(session, messages, owner)
    yield session, messages
    owner.deleteLater()


@pytest.mark.parametrize("about", ["edit", "derive", "view", "verify", "unfold"])
def test_what_was_said_of_the_derived_network_goes_with_it(desk, about):
    session, messages = desk
    messages.post("took longer than 5 s", about)
    session.choose_formula(example("xor"))
    assert messages.sentence == ""


def test_a_derivation_that_took_too_long_is_no_longer_told_of_where_another_weight_is_derived(desk):
    session, messages = desk
    session.choose_formula(example("xor"))
    messages.post("took longer than 5 s", "derive")
    session.choose_weight("w2")
    assert messages.sentence == ""


@pytest.mark.parametrize("about", ["edit", "train", "remedy", "map"])
def test_what_was_said_of_the_trained_network_goes_with_it(desk, about):
    session, messages = desk
    messages.post("cannot be trained", about)
    session.choose_training(example("digits-tanh-20"))
    session.choose_training(example("digits-relu-20"))
    assert messages.sentence == ""


def test_a_training_that_failed_is_told_of_while_another_network_is_derived(desk):
    session, messages = desk
    messages.post("cannot be trained", "train")
    session.choose_formula(example("xor"))
    assert messages.sentence == "cannot be trained"


@pytest.mark.parametrize("about", ["", "open", "export", "study"])
def test_what_was_said_of_something_else_stays(desk, about):
    session, messages = desk
    messages.post("cannot be read", about)
    session.open(example("xor"))
    session.choose_training(example("digits-relu-20"))
    assert messages.sentence == "cannot be read"
