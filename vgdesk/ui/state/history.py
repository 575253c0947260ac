"""What can be undone: every edit of the two experiments, kept as what lay on the desk before and after.

Whoever edits need not know of this: the session tells of each whole edit, and the words for the menu follow from what
is different. (QUndoStack comes from QtGui, which holds no widgets either; its own
signals are not used, because it still sends them while it is being deleted.)
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from vgdesk.spec.experiment import Experiment
from vgdesk.ui.state.session import Contents, Session

MOST_EDITS = 200
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
    """Undoes and redoes; `changed` tells that other edits can be undone or redone now."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
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

    def undo(self) -> None:
        """Puts back what lay on the desk before the last edit."""
        self._stack.undo()
        self.changed.emit()

    def redo(self) -> None:
        """Does again what was undone last."""
        self._stack.redo()
        self.changed.emit()

    def _keep(self, before: Contents, after: Contents, words: str) -> None:
        self._stack.push(_Edit(self._session, before, after, words or edit_words(before, after)))
        self.changed.emit()


class _Edit(QUndoCommand):
    """Is one edit. Qt calls `redo` when it is pushed, where the session has the contents already."""

    def __init__(self, session: Session, before: Contents, after: Contents, words: str) -> None:
        super().__init__(words)
        self._session, self._before, self._after = session, before, after

    def undo(self) -> None:
        self._session.restore(self._before)

    def redo(self) -> None:
        if self._session.contents != self._after:
            self._session.restore(self._after)


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
