"""Edits of the formula network, by whichever hand: diagram, table or keys. Refusals become one sentence.

While the editor is *on*, the diagram is a drawing board. One place of it can be *chosen*: a unit waits for a second
one to be connected with, a unit or a connection waits to be removed.
"""

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.errors import SpecError
from vgdesk.records.derivation import NetworkState, Place, PlaceKind
from vgdesk.spec import edit
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit, Glorot
from vgdesk.spec.layer_alike import with_layer_alike
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.limits import refusal
from vgdesk.ui.state.formulas import Formulas
from vgdesk.ui.state.kept_numbers import Change, edited, written_down
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.selection import Selection
from vgdesk.ui.state.session import Session


class NetworkEditor(QObject):
    """Changes the formula experiment; `changed` tells that it was turned on or off, or that a place was chosen.

    `experiment_changed` tells of every other formula experiment, whoever changed it, and of its numbers' arrival.
    """

    changed = Signal()
    experiment_changed = Signal(object)

    def __init__(
        self,
        session: Session,
        selection: Selection,
        messages: Messages,
        formulas: Formulas,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._selection, self._messages = session, selection, messages
        self._formulas = formulas
        formulas.derivation_changed.connect(self._tell_numbers)
        self._is_on = False
        self._chosen: Place | None = None
        self._network = session.formula.network
        session.formula_changed.connect(self._follow)
        session.formula_changed.connect(self.experiment_changed)

    @property
    def is_on(self) -> bool:
        """Whether the diagram is a drawing board."""
        return self._is_on

    @property
    def chosen(self) -> Place | None:
        """The unit or connection that waits for what is to be done with it."""
        return self._chosen

    @property
    def experiment(self) -> Experiment:
        """What is edited."""
        return self._session.formula

    @property
    def start(self) -> NetworkState | None:
        """The numbers the experiment starts from; None while they are not known yet."""
        return self._formulas.start

    @property
    def network(self) -> FeedForward | None:
        """The network that is edited; None where it is recurrent."""
        network = self._session.formula.network
        return network if isinstance(network, FeedForward) else None

    def turn(self, is_on: bool) -> None:
        """Makes the diagram a drawing board, or a picture again; what was pinned is released."""
        if is_on == self._is_on:
            return
        if is_on and not self.is_ready:
            return
        self._is_on, self._chosen = is_on, None
        self._selection.pin(None)
        self.changed.emit()

    @property
    def is_ready(self) -> bool:
        """Whether there is a network to be edited; says why not. The trained one is, while it is pinned and small."""
        pinned, trained = self._selection.pinned, self._session.training
        if pinned is not None and pinned.experiment == trained.name != self.experiment.name:
            reason = _why_not_edited(trained)
            if reason:
                self._messages.post(f"{reason}; the derived network is edited instead", "edit")
            else:
                self._session.choose_formula(trained)
        reason = _why_not_edited(self.experiment)
        return not reason or self.refuse(reason)

    def begin_anew(self) -> None:
        """Lays the smallest network on the desk, to be derived and trained, and turns the editor on."""
        number, name = 1, "my-network"
        while self._session.knows(name):
            number += 1
            name = f"my-network-{number}"
        self._session.open(edit.new_experiment(name), words="new network")
        self.turn(True)

    def choose(self, place: Place | None) -> None:
        """Chooses a place. A second unit in a neighbouring layer is connected with the first one, or disconnected."""
        first, self._chosen = self._chosen, place if place != self._chosen else None
        if first and place and _are_neighbours(first, place):
            self._chosen = None
            self._toggle(*sorted((first, place), key=lambda one: one.layer))
        self.changed.emit()

    def add_unit(self, layer: int) -> None:
        """Adds a unit to a layer; 0 adds an input."""
        self.apply(lambda experiment: edit.with_unit(experiment, layer), "add unit" if layer else "add input")

    def add_layer(self, after: int) -> None:
        """Adds a hidden layer above another, alike its hidden neighbour; 0 adds it above the inputs."""
        self.apply(lambda experiment: with_layer_alike(experiment, after), "add layer")

    def remove(self, place: Place | None = None) -> None:
        """Removes a unit or a connection, by default the chosen one."""
        place = place or self._chosen
        if place is None:
            return
        if place.kind is PlaceKind.EDGE:
            at = place.layer, place.unit, place.source
            self.apply(lambda experiment: edit.without_edge(experiment, *at), "remove connection")
        elif place.kind is PlaceKind.UNIT:
            at = place.layer, place.unit
            self.apply(lambda experiment: edit.without_unit(experiment, *at), "remove unit")

    def rename(self, place: Place, name: str) -> None:
        """Gives a unit another name, or none."""
        at = place.layer, place.unit
        self.apply(lambda experiment: edit.with_name(experiment, *at, name), "rename unit")

    def set_activation(self, place: Place, activation: str) -> None:
        """Gives a unit an activation of its own."""
        at = place.layer, place.unit
        self.apply(lambda experiment: edit.with_unit_activation(experiment, *at, activation), "change activation")

    def refuse(self, sentence: str) -> bool:
        """Says why something cannot be done; returns False like a refused edit."""
        self._messages.post(sentence, "edit")
        return False

    def apply(self, change: Change, words: str) -> bool:
        """Does an edit; where it cannot be done says why above the panels and returns False."""
        reason = self.attempt(change, words)
        return not reason or self.refuse(reason)

    def attempt(self, change: Change, words: str) -> str:
        """Does an edit and returns ""; where it cannot be done changes nothing and returns why, for its asker to tell.

        Weights and biases that are still there afterwards keep the numbers they have on screen.
        """
        before = self.experiment
        try:
            after = edit.marked_as_edited(before, edited(before, change, self.start))
            too_large = refusal(after)
            if too_large:
                raise SpecError(too_large)
        except SpecError as error:
            return str(error)
        self._messages.settle("edit")
        self._session.edit_formula(after, words)
        return ""

    def _tell_numbers(self) -> None:
        self.experiment_changed.emit(self.experiment)

    def _toggle(self, below: Place, above: Place) -> None:
        network = self.network
        at = above.layer, above.unit, below.unit
        if network and below.unit in network.layer_sources(above.layer, above.unit):
            self.apply(lambda experiment: edit.without_edge(experiment, *at), "remove connection")
        else:
            self.apply(lambda experiment: edit.with_edge(experiment, *at), "add connection")

    def _follow(self, experiment: Experiment) -> None:
        """Lets go of places that may be no more."""
        before, self._network = self._network, experiment.network
        if before == experiment.network:
            return
        self._chosen = None
        self._selection.pin(None)
        self._selection.hover(None)
        if self.network is None:
            self._is_on = False
        self.changed.emit()


def with_typed_parameter(experiment: Experiment, name: str, value: float, start: NetworkState | None) -> Experiment:
    """Returns the experiment with one start value typed; where a rule draws them, all are written down first."""
    network = experiment.feed_forward
    rules = [experiment.layer_initialisation(layer) for layer in range(1, network.depth + 1)]
    if not all(isinstance(rule, Explicit) for rule in rules):
        if start is None:
            raise SpecError(f"start values must be known before {name} is changed; they are being drawn, try again")
        experiment = written_down(experiment, start)
    return edit.with_parameter(experiment, name, value)


def drawn_anew(experiment: Experiment) -> Experiment:
    """Returns the experiment with other start values: the next seed, by Glorot's rule where numbers were given."""
    network = experiment.feed_forward
    plain = [
        msgspec.structs.replace(layer, initialisation=None) if isinstance(layer.initialisation, Explicit) else layer
        for layer in network.layers
    ]
    rule = Glorot() if isinstance(experiment.initialisation, Explicit) else experiment.initialisation
    network = msgspec.structs.replace(network, layers=tuple(plain))
    seed = (experiment.seed + 1) % 2**31
    return msgspec.structs.replace(experiment, network=network, initialisation=rule, seed=seed, start_values=())


def _why_not_edited(experiment: Experiment) -> str:
    """Returns why a network cannot be edited unit by unit; "" where it can."""
    if not isinstance(experiment.network, FeedForward):
        return f"{experiment.name} has a recurrent network; only feed-forward ones are edited unit by unit"
    return refusal(experiment).partition(";")[0] and f"{experiment.name} is too large to be edited unit by unit"


def _are_neighbours(first: Place, second: Place) -> bool:
    units = first.kind is PlaceKind.UNIT and second.kind is PlaceKind.UNIT
    return units and abs(first.layer - second.layer) == 1
