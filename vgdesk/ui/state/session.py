"""What is on the desk: two experiments and a weight.

The *formula experiment* is small enough to be read: its diagram and the derivation of one weight are shown. The
*training experiment* is trained: profile, heat map and loss come from it. They may be the same one; equal names mean
equal contents.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QObject, Signal

from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import FeedForward
from vgdesk.symbolic.limits import refusal

FIRST_FORMULA, FIRST_WEIGHT, FIRST_TRAINING = "insurance", "w1", "digits-sigmoid-20"
LONGEST_STEM = 55
"""Letters of a name that stay where a number is put behind it."""


def is_readable(experiment: Experiment) -> bool:
    """Whether an experiment is small enough for the diagram and the derivation."""
    return not refusal(experiment)


def why_unreadable(experiment: Experiment) -> str:
    """Returns why an experiment is too large for the diagram and the derivation, "" where it is not."""
    return refusal(experiment)


@dataclass(frozen=True)
class Contents:
    """Is all that lies on the desk at one moment: enough to put it back exactly."""

    formula: Experiment
    weight: str
    training: Experiment
    others: dict[str, Experiment]


class Session(QObject):
    """Holds the two experiments and the derived weight; signals carry the new value and fire only on real changes.

    `edited` tells of each whole change of an experiment, after all other signals: contents before and after, and the
    words for it, "" where none were given. Putting contents back is no edit.
    """

    edited = Signal(object, object, str)

    formula_changed = Signal(object)
    formula_revised = Signal(str)
    """Comes before `formula_changed` where the network stays: the name that it had."""
    weight_changed = Signal(str)
    training_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formula = example(FIRST_FORMULA)
        self._weight = FIRST_WEIGHT
        self._training = example(FIRST_TRAINING)
        self._others: dict[str, Experiment] = {}
        self._depth = 0
        self._is_restoring = False

    @property
    def contents(self) -> Contents:
        """What lies on the desk now."""
        return Contents(self._formula, self._weight, self._training, dict(self._others))

    @property
    def is_restoring(self) -> bool:
        """Whether what changes now is put back, so that its run may be shown again."""
        return self._is_restoring

    def restore(self, contents: Contents) -> None:
        """Puts back what lay on the desk once."""
        self._is_restoring = True
        try:
            self._restore(contents)
        finally:
            self._is_restoring = False

    def _restore(self, contents: Contents) -> None:
        before = self.contents
        self._formula, self._weight, self._training = contents.formula, contents.weight, contents.training
        self._others = dict(contents.others)
        if contents.training != before.training:
            self.training_changed.emit(self._training)
        if contents.formula != before.formula:
            self.formula_changed.emit(self._formula)
        if contents.formula != before.formula or contents.weight != before.weight:
            self.weight_changed.emit(self._weight)

    def edit_formula(self, experiment: Experiment, words: str = "") -> None:
        """Puts an edited experiment in the formula experiment's place; where that is trained as well, there too.

        The derived weight stays, where there still is one of its name.
        """
        weight, is_shared = self._weight, self.is_shared
        with self._change(words):
            self.choose_formula(experiment, weight)
            if is_shared:
                self.choose_training(experiment)

    @property
    def formula(self) -> Experiment:
        """The experiment whose derivation is shown."""
        return self._formula

    @property
    def weight(self) -> str:
        """Name of the weight or bias that the loss is derived by, e.g. "w1"."""
        return self._weight

    @property
    def training(self) -> Experiment:
        """The experiment that is trained."""
        return self._training

    @property
    def is_shared(self) -> bool:
        """Whether both experiments are the same one."""
        return self._formula.name == self._training.name

    @property
    def opened(self) -> tuple[Experiment, ...]:
        """Every experiment that was on the desk and is not bundled, as it was last."""
        return tuple(self._others.values())

    def find(self, name: str) -> Experiment:
        """Returns an experiment that was on the desk before, or a bundled one, by its name."""
        return self._others.get(name) or example(name)

    def knows(self, name: str) -> bool:
        """Whether an experiment of this name is or was on the desk, or is bundled."""
        return name == self._training.name or self._known(name) is not None

    def open(self, experiment: Experiment, source: str = "", words: str = "open network") -> None:
        """Studies an experiment: trains it and, where it is small enough to be read, derives it as well.

        Parameters
        ----------
        source
            Name of the file it was read from. It tells it in the lists from another experiment of the same name.
        words
            What a person would call this in "Undo open network".
        """
        if source:
            experiment = self._distinct(experiment, source)
        with self._change(words):
            if is_readable(experiment):
                self.choose_formula(experiment)
            self.choose_training(experiment)

    def choose_formula(self, experiment: Experiment, weight: str = FIRST_WEIGHT) -> None:
        """Shows another experiment's derivation, of a weight, or of its first where it has none of that name."""
        if experiment != self._formula:
            with self._change(""):
                self._weight = weight if _has_parameter(experiment, weight) else FIRST_WEIGHT
                self._lay_down(experiment)

    def revise_formula(self, experiment: Experiment) -> None:
        """Shows the derivation of the same network with other numbers, of the same weight."""
        if experiment != self._formula:
            with self._change("edit numbers"):
                self._lay_down(experiment, self._formula.name)

    def _lay_down(self, experiment: Experiment, former: str = "") -> None:
        """Makes it the formula experiment; `former` is the name under which the same network was known."""
        self._formula = experiment
        self._remember(experiment)
        if self._training.name == experiment.name and self._training != experiment:
            self.choose_training(experiment)
        if former:
            self.formula_revised.emit(former)
        self.formula_changed.emit(experiment)
        self.weight_changed.emit(self._weight)

    def choose_found(self, experiment: Experiment, wrt: str) -> None:
        """Shows the derivation of an experiment that was made from the one on show, which can be chosen again."""
        self._remember(self._formula)
        self.choose_formula(self._distinct(experiment, "another"))
        self.choose_weight(wrt)

    def choose_weight(self, name: str) -> None:
        """Derives another weight or bias of the formula experiment."""
        if name != self._weight:
            self._weight = name
            self.weight_changed.emit(name)

    def choose_training(self, experiment: Experiment) -> None:
        """Trains another experiment. One that only shares the formula experiment's name is given a name of its own."""
        if experiment.name == self._formula.name and experiment != self._formula:
            experiment = self._distinct(experiment, "as trained")
        if experiment != self._training:
            with self._change(""):
                self._training = experiment
                self._remember(experiment)
                self.training_changed.emit(experiment)

    def edit_training(self, experiment: Experiment, words: str) -> None:
        """Trains another experiment; `words` are what a person would call this in "Undo apply residual connections"."""
        with self._change(words):
            self.choose_training(experiment)

    @contextmanager
    def _change(self, words: str) -> Iterator[None]:
        """Makes one edit of all that happens inside, however many changes it takes."""
        before = self.contents
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
        after = self.contents
        if self._depth == 0 and (after.formula, after.training) != (before.formula, before.training):
            self.edited.emit(before, after, words)

    def _distinct(self, experiment: Experiment, mark: str) -> Experiment:
        """Returns the experiment under a name that no other one has, and where that is a new one, a marked title."""
        words = f" ({mark[:60]})"
        title = experiment.title[: LONGEST_TITLE - len(words)] + words
        stem, number = experiment.name[:LONGEST_STEM], 2
        while self._known(experiment.name) not in (None, experiment):
            experiment = msgspec.structs.replace(experiment, name=f"{stem}-{number}", title=title)
            number += 1
        return experiment

    def _known(self, name: str) -> Experiment | None:
        """Returns what bears a name: on the desk, on the desk before, or bundled."""
        if name == self._formula.name:
            return self._formula
        return self._others.get(name) or (example(name) if name in EXAMPLES else None)

    def _remember(self, experiment: Experiment) -> None:
        if experiment.name not in EXAMPLES:
            self._others[experiment.name] = experiment


def _has_parameter(experiment: Experiment, name: str) -> bool:
    network = experiment.network
    if not isinstance(network, FeedForward):
        return False
    return any(one.name == name for one in (*network.edges(), *network.biases()))
