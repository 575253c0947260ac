"""What follows from pointing: a pinned connection of the formula experiment becomes the weight that is derived.

And what follows from edits for the pin: it stays on a network that stays, and leaves one that leaves the desk.
"""

from dataclasses import replace

from PySide6.QtCore import QObject

from vgdesk.records.place import Place, PlaceKind
from vgdesk.spec.experiment import Experiment, Network
from vgdesk.spec.network import FeedForward
from vgdesk.ui.state.selection import Reference, Selection
from vgdesk.ui.state.session import Session


def parameter_at(network: Network, place: Place) -> str:
    """Returns the name of the weight or bias that lives at a place, "" where none does, or where several share it."""
    if not isinstance(network, FeedForward):
        return ""
    if place.kind is PlaceKind.EDGE:
        wanted = (place.layer, place.unit, place.source)
        return next((edge.name for edge in network.edges() if edge[1:] == wanted), "")
    if place.kind is PlaceKind.BIAS:
        return next((bias.name for bias in network.biases() if bias[1:] == (place.layer, place.unit)), "")
    return ""


class Links(QObject):
    """Keeps session and selection in step, both ways."""

    def __init__(self, session: Session, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._training = session.training
        selection.pinned_changed.connect(self._derive_pinned)
        session.formula_revised.connect(self._follow_revision)
        session.formula_changed.connect(self._release_strangers)
        session.training_changed.connect(self._follow_training)

    def _derive_pinned(self, pinned: Reference | None) -> None:
        formula = self._session.formula
        if pinned is None or pinned.place is None or pinned.factor or pinned.experiment != formula.name:
            return
        name = parameter_at(formula.network, pinned.place)
        if name:
            self._session.choose_weight(name)

    def _follow_revision(self, former: str) -> None:
        """Keeps the pin on the network whose numbers were changed."""
        pinned, name = self._selection.pinned, self._session.formula.name
        if pinned is not None and pinned.experiment == former not in (name, self._session.training.name):
            self._selection.pin(replace(pinned, experiment=name))

    def _follow_training(self, experiment: Experiment) -> None:
        """Keeps the pin on a network that is only called differently because its training was edited."""
        before, self._training = self._training, experiment
        pinned, names = self._selection.pinned, (self._session.formula.name, experiment.name)
        if pinned and pinned.experiment == before.name not in names and before.network == experiment.network:
            self._selection.pin(replace(pinned, experiment=experiment.name))
        self._release_strangers()

    def _release_strangers(self) -> None:
        """Lets go of references to a network that is no longer on the desk."""
        names = (self._session.formula.name, self._session.training.name)
        if self._selection.pinned is not None and self._selection.pinned.experiment not in names:
            self._selection.pin(None)
        self._selection.hover(None)
