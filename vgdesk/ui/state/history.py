"""What can be undone: every edit of the two experiments, kept as what lay on the desk before and after.

Whoever edits need not know of this: the session tells of each whole edit, and the words for the menu follow from what
is different. Steps of one spin box or slider follow each other closely and change the same number: they are one edit.
(QUndoStack comes from QtGui, which holds no widgets either; its own
signals are not used, because it still sends them while it is being deleted.)
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.same_field import numbers_changed
from vgdesk.ui.state.session import Contents, Session

MOST_EDITS = 200
PAUSE = 2.0
"""Seconds after which another change of the same number is an edit of its own."""
_FIELDS = {
    "network": "change network",
    "initialisation": "change initialisation",
    "seed": "new seed",
    "loss": "change loss",
    "task": "change examples",
    "training": "change training settings",
    "recording": "change recording",
}


class History(QObject):
    """Undoes and redoes; `changed` tells that other edits can be undone or redone now. `clock` counts seconds."""

    changed = Signal()

    def __init__(
        self, session: Session, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._session, self._clock = session, clock
        self._edits = 0
        self._last: _Edit | None = None
        self._stack = QUndoStack(
            self
        )  # not a child: its end, which clears it, must not speak through a half-deleted parent
        self._stack.setUndoLimit(MOST_EDITS)
        session.edited.connect(self._keep)

    @property
    def undo_words(self) -> str:
        """What would be undone, e.g. "add unit"; "" when there is nothing."""
        return self._stack.undoText()

    @property
    def redo_words(self) -> str:
        """What would be done again; "" when there is nothing."""
        return self._stack.redoText()

    @property
    def mark(self) -> int:
        """A place in the row of edits, to be given to `forget_since`."""
        return self._edits

    def forget_since(self, mark: int) -> None:
        """Forgets the edits since a mark, where what lay on the desk before them has been put back."""
        self._last = None
        while self._stack.index() and (last := _edit_at(self._stack, self._stack.index() - 1)).number > mark:
            last.is_void = True
            last.setObsolete(True)
            self._stack.undo()
        self._forget_undone_since(mark)
        self.changed.emit()

    def _forget_undone_since(self, mark: int) -> None:
        """Forgets what was done since a mark and undone again, so that Redo does not bring it back."""
        while (index := self._stack.index()) < self._stack.count():
            undone = _edit_at(self._stack, index)
            if undone.number <= mark:
                return
            undone.setObsolete(True)
            self._stack.redo()  # Qt throws an obsolete edit away in place of doing it

    def undo(self) -> None:
        """Puts back what lay on the desk before the last edit."""
        self._last = None
        self._stack.undo()
        self.changed.emit()

    def redo(self) -> None:
        """Does again what was undone last."""
        self._last = None
        self._stack.redo()
        self.changed.emit()

    def _keep(self, before: Contents, after: Contents, words: str) -> None:
        edit = _Edit(self._session, before, after, words or edit_words(before, after), self._clock())
        if self._last is not None and self._last.takes_in(edit):
            self._drop_idle()
        else:
            self._edits += 1
            edit.number = self._edits
            self._stack.push(edit)
            self._last = edit
        self.changed.emit()

    def _drop_idle(self) -> None:
        """Forgets an edit that has led back to where it began."""
        if self._last is not None and self._last.is_idle:
            self._last.setObsolete(True)
            self._stack.undo()
            self._last = None


class _Edit(QUndoCommand):
    """Is one edit. Qt calls `redo` when it is pushed, where the session has the contents already."""

    def __init__(self, session: Session, before: Contents, after: Contents, words: str, moment: float) -> None:
        super().__init__(words)
        self._session, self._before, self._after = session, before, after
        self._numbers, self._moment = numbers_changed(before, after), moment
        self.number, self.is_void = 0, False

    @property
    def is_idle(self) -> bool:
        """Whether the experiments are what they were before."""
        before, after = self._before, self._after
        return (before.formula, before.training) == (after.formula, after.training)

    def takes_in(self, later: "_Edit") -> bool:
        """Makes a later edit a part of this one where it changed the same numbers, in the same words, soon after."""
        is_same = bool(self._numbers) and (self._numbers, self.text()) == (later._numbers, later.text())
        if not is_same or later._moment - self._moment > PAUSE:
            return False
        self._after, self._moment = later._after, later._moment
        return True

    def undo(self) -> None:
        if not self.is_void:
            self._session.restore(self._before)

    def redo(self) -> None:
        if self._session.contents != self._after:
            self._session.restore(self._after)


def _edit_at(stack: QUndoStack, index: int) -> _Edit:
    edit = stack.command(index)
    assert isinstance(edit, _Edit)
    return edit


def edit_words(before: Contents, after: Contents) -> str:
    """Returns what was done, in the words of a menu."""
    if before.training != after.training:
        return _difference(before.training, after.training)
    return _difference(before.formula, after.formula)


def _difference(before: Experiment, after: Experiment) -> str:
    fields = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    if len(fields) > 2 or not fields:
        return "choose network"
    if "network" in fields and _has_other_activations(before, after):
        return "change activation"
    return _FIELDS["initialisation" if "initialisation" in fields else fields[0]]


def _has_other_activations(before: Experiment, after: Experiment) -> bool:
    """Whether the networks have the same widths, so that most likely the activation was changed."""
    layers = [getattr(one.network, "layers", ()) for one in (before, after)]
    if not all(layers):
        return getattr(before.network, "cell", None) != getattr(after.network, "cell", None)
    widths = [[layer.width for layer in one] for one in layers]
    activations = [[(layer.activation, layer.unit_activations) for layer in one] for one in layers]
    return widths[0] == widths[1] and activations[0] != activations[1]
