"""Undo puts back exactly what lay on the desk, whatever was done in between."""

from hypothesis import given, settings
from hypothesis import strategies as st

from vgdesk.spec import edit
from vgdesk.spec.library import example
from vgdesk.ui.state.edits import with_activation, with_initialisation, with_seed
from vgdesk.ui.state.history import History
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.settings import with_setting

EDITS = {
    "unit": lambda session: session.edit_formula(edit.with_unit(session.formula, 1), "add unit"),
    "layer": lambda session: session.edit_formula(edit.with_layer(session.formula, 0), "add layer"),
    "relu": lambda session: session.choose_training(with_activation(session.training, "relu")),
    "seed": lambda session: session.choose_training(with_seed(session.training, session.training.seed + 1)),
    "zeros": lambda session: session.choose_training(with_initialisation(session.training, "zeros")),
    "steps": lambda session: session.choose_training(with_setting(session.training, "training.steps", 77)),
    "open": lambda session: session.open(example("mazur")),
    "formula": lambda session: session.choose_formula(example("xor")),
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), max_size=8))
def test_undoing_all_edits_restores_the_beginning_and_redoing_all_the_end(names):
    session = Session()
    history = History(session)
    begun = session.contents
    for name in names:
        EDITS[name](session)
    ended = session.contents
    while history.undo_words:
        history.undo()
    assert session.contents == begun
    while history.redo_words:
        history.redo()
    assert session.contents == ended


def test_the_words_say_what_was_done():
    session = Session()
    history = History(session)
    expected = {
        "unit": "add unit", "relu": "change activation", "seed": "new seed", "zeros": "change initialisation",
        "steps": "change training settings", "open": "open network",
    }  # fmt: skip
    for name, words in expected.items():
        EDITS[name](session)
        assert history.undo_words == words


def test_one_action_is_one_edit_however_many_signals_it_sends():
    session = Session()
    history = History(session)
    session.open(example("mazur"))
    history.undo()
    assert history.undo_words == ""
    assert (session.formula.name, session.training.name) == ("insurance", "digits-sigmoid-20")


def test_edits_that_are_forgotten_are_neither_undone_nor_do_they_change_the_desk():
    session = Session()
    history = History(session)
    EDITS["unit"](session)
    mark, kept = history.mark, session.contents
    for name in ("open", "seed", "formula"):
        EDITS[name](session)
    told: list[object] = []
    session.training_changed.connect(told.append)
    session.restore(kept)
    history.forget_since(mark)
    assert len(told) == 1  # by what was put back
    assert session.contents == kept
    assert (history.undo_words, history.redo_words) == ("add unit", "")


class Clock:
    """Counts only the seconds it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def step_seed(session: Session, times: int) -> None:
    for _ in range(times):
        EDITS["seed"](session)


def test_steps_of_one_number_soon_after_each_other_are_one_edit():
    session = Session()
    history = History(session, clock=Clock())
    begun = session.contents
    step_seed(session, 4)
    ended = session.contents
    history.undo()
    assert (session.contents, history.undo_words) == (begun, "")
    history.redo()
    assert session.contents == ended


def test_a_pause_begins_another_edit():
    session, clock = Session(), Clock()
    history = History(session, clock=clock)
    step_seed(session, 2)
    clock.now = 60.0
    step_seed(session, 2)
    history.undo()
    assert session.training.seed == example("digits-sigmoid-20").seed + 2


def test_numbers_of_two_fields_are_two_edits():
    session = Session()
    history = History(session, clock=Clock())
    for name, value in (("training.steps", 50), ("training.batch_size", 8), ("training.batch_size", 9)):
        session.choose_training(with_setting(session.training, name, value))
    history.undo()
    assert (session.training.training.steps, session.training.training.batch_size) != (50, 9)
    assert session.training.training.steps == 50


def test_after_an_undo_the_next_step_is_an_edit_of_its_own():
    session = Session()
    history = History(session, clock=Clock())
    step_seed(session, 2)
    history.undo()
    step_seed(session, 1)
    history.undo()
    assert history.undo_words == ""
    assert history.redo_words == "new seed"


def test_steps_that_lead_back_leave_nothing_to_undo():
    session = Session()
    history = History(session, clock=Clock())
    seed = session.training.seed
    for number in (seed + 1, seed + 2, seed):
        session.choose_training(with_seed(session.training, number))
    assert history.undo_words == ""


def test_choices_are_never_merged():
    session = Session()
    history = History(session, clock=Clock())
    for name in ("relu", "tanh"):
        session.choose_training(with_activation(session.training, name))
    history.undo()
    assert session.training.feed_forward.layers[0].activation == "relu"
