"""The training settings of an experiment as a flat list, read from the specs themselves, and the way back.

A *setting* is one field of `Training` or `Recording` or of a spec inside them, called by its path from the experiment,
e.g. "training.optimiser.learning_rate". A field that may hold specs of several kinds is a choice; the fields of the
chosen one follow it. So a field that a spec is given one day appears here by itself. Two settings are no fields:
dropout is one number for all hidden layers, and each recordable quantity is a switch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, get_args

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import EXAMPLES
from vgdesk.spec.network import FeedForward
from vgdesk.spec.optimiser import OPTIMISERS, Adam, Optimiser, Sgd
from vgdesk.spec.pretraining import RECONSTRUCTIONS
from vgdesk.spec.recording import ALWAYS, QUANTITIES
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.schedule import Cosine, StepDecay, WarmUp
from vgdesk.spec.training import PRECISIONS
from vgdesk.ui.state.edits import renamed
from vgdesk.ui.state.settings_words import DROPOUT, DROPOUT_WORDS, FIELDS, GROUPS, KINDS, NONE, QUANTITIES_PATH

_WORDS = {"precision": PRECISIONS, "reconstruction": RECONSTRUCTIONS}
"""Fields that are one of a few words."""


class Kind(StrEnum):
    """How a setting is edited: as text (number, whole), by a tick, from a list."""

    NUMBER = "number"
    WHOLE = "whole"
    SWITCH = "switch"
    CHOICE = "choice"


class Option(NamedTuple):
    """Is one entry of a choice: its key, its words, and what choosing it puts into the experiment."""

    key: str
    words: str
    value: object


@dataclass(frozen=True)
class Setting:
    """Is one setting and its value: a number, None for an empty line, a bool, or the key of a choice."""

    path: str
    words: str
    tip: str
    kind: Kind
    value: Any
    options: tuple[Option, ...] = ()
    empty: str = ""
    """What an empty line means; "" where there must be a number."""

    @property
    def field(self) -> str:
        """The name in the experiment's file."""
        return self.path.rpartition(".")[2]

    @property
    def text(self) -> str:
        """A number as it is typed, shortest form that reads back the same; "" for an empty line."""
        if self.value is None:
            return ""
        short = f"{self.value:g}"
        return short if float(short) == self.value else repr(self.value)

    def read(self, given: Any) -> Any:
        """Returns what a text, tick or key means for the experiment.

        Raises
        ------
        SpecError
            When a text is no number.
        """
        if self.kind is Kind.SWITCH:
            return given
        if self.kind is Kind.CHOICE:
            return next(option.value for option in self.options if option.key == given)
        if not given.strip() and self.empty:
            return None
        reader, wanted = (int, "an integer") if self.kind is Kind.WHOLE else (float, "a number")
        try:
            return reader(given)
        except ValueError:
            raise SpecError(f"{self.field} must be {wanted}, got {given!r}") from None

    def in_words(self, refusal: str, given: object) -> str:
        """Returns a refusal about this setting with the words that stand beside it, and with what was typed."""
        refusal = re.sub(rf"^{re.escape(self.field)}\b", self.words, refusal)
        return re.sub(r"got -?[\d.e+]+$", f"got {given}", refusal) if isinstance(given, str) else refusal


def groups_of(experiment: Experiment) -> dict[str, list[Setting]]:
    """Returns heading -> settings; a heading with nothing under it is left out."""
    groups = {
        heading: [setting for path in paths for setting in _at(experiment, path)] for heading, paths in GROUPS.items()
    }
    return {heading: settings for heading, settings in groups.items() if settings}


def with_setting(experiment: Experiment, path: str, value: Any) -> Experiment:
    """Returns the experiment with one setting changed, under a name and title that are true.

    Raises
    ------
    SpecError
        When the value does not fit, or does not go with the rest of the experiment.
    """
    names = path.split(".")
    if path == DROPOUT:
        changed = _with_dropout(experiment, value)
    elif path.startswith(f"{QUANTITIES_PATH}."):
        chosen = set(experiment.recording.what.quantities) ^ {names[-1]}
        is_on = names[-1] in experiment.recording.what.quantities
        chosen = tuple(name for name in QUANTITIES if name in chosen)
        changed = experiment if is_on == value else _with(experiment, names[:-1], chosen)
    else:
        changed = _with(experiment, names, value)
    if changed == experiment:
        return experiment
    named = renamed(changed)
    is_title_kept = names[0] == "recording" and named.name not in EXAMPLES
    return msgspec.structs.replace(named, title=experiment.title) if is_title_kept else named


def waiting(running: Experiment | None, wanted: Experiment) -> frozenset[str]:
    """Returns the paths of settings in which the experiment on the desk differs from the one that runs.

    Where another kind was chosen, the choice stands for the fields that came with it.
    """
    if running is None or running is wanted:
        return frozenset()
    before, after = _values(running), _values(wanted)
    late = {path for path, value in after.items() if path not in before or before[path] != value}
    return frozenset(path for path in late if path.rpartition(".")[0] not in late)


def _values(experiment: Experiment) -> dict[str, Any]:
    return {setting.path: setting.value for group in groups_of(experiment).values() for setting in group}


def _at(experiment: Experiment, path: str) -> Iterator[Setting]:
    """Yields the setting at a path and those inside it; none where the network has no use for it."""
    network = experiment.network
    if path in (DROPOUT, "training.pretraining") and (isinstance(network, Recurrent) or network.depth == 1):
        return
    if path == DROPOUT and isinstance(network, FeedForward):
        yield _dropout(network)
    elif path == QUANTITIES_PATH:
        yield from _quantities(experiment)
    else:
        owner: Any = experiment
        for name in path.split(".")[:-1]:
            owner = getattr(owner, name)
        yield from _field(experiment, owner, path)


def _field(experiment: Experiment, owner: Any, path: str) -> Iterator[Setting]:
    name = path.rpartition(".")[2]
    value, kind = getattr(owner, name), _types(type(owner))[name]
    words, tip = FIELDS[f"{type(owner).__name__}.{name}"]
    specs = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, Spec)]
    if specs:
        may_lack = type(None) in get_args(kind)
        options = _options(experiment, value, specs, may_lack)
        yield Setting(path, words, tip, Kind.CHOICE, _key(value), options)
        for inner in _types(type(value)) if value is not None else ():
            yield from _field(experiment, value, f"{path}.{inner}")
    elif kind is str:
        options = tuple(Option(key, KINDS[key], key) for key in _WORDS[name])
        yield Setting(path, words, tip, Kind.CHOICE, value, options)
    elif kind is bool:
        yield Setting(path, words, tip, Kind.SWITCH, value)
    else:
        is_whole = int in (kind, *get_args(kind))
        empty = "all examples" if type(None) in get_args(kind) else ""
        yield Setting(path, words, tip, Kind.WHOLE if is_whole else Kind.NUMBER, value, empty=empty)


def _types(spec: type[Any]) -> dict[str, Any]:
    """Returns the fields of a spec and their types, in order."""
    return {field.name: field.type for field in msgspec.structs.fields(spec)}


def _options(experiment: Experiment, value: Any, specs: list[type[Spec]], may_lack: bool) -> tuple[Option, ...]:
    if set(specs) == set(get_args(Optimiser)):
        ready = {name: _carried(rule, value) for name, rule in OPTIMISERS.items()}
    else:
        begun = [_beginning(spec, experiment) for spec in specs]
        ready = {_key(one): one for one in begun}
    absent = (Option(NONE, KINDS[NONE], None),) if may_lack else ()
    return (*absent, *(Option(key, KINDS[key], one) for key, one in ready.items()))


def _carried(rule: Any, current: Any) -> Any:
    """Returns a ready-made rule; one of the current kind keeps the numbers that it had already."""
    if type(rule) is not type(current):
        return rule
    return msgspec.structs.replace(rule, learning_rate=current.learning_rate, weight_decay=current.weight_decay)


def _beginning(spec: type[Any], experiment: Experiment) -> Spec:
    """Returns what a newly chosen kind begins with; schedules take their lengths from the length of the run."""
    steps = experiment.training.steps
    lengths = {
        StepDecay: {"every": max(1, steps // 3)},
        Cosine: {"steps": steps},
        WarmUp: {"steps": max(1, steps // 10)},
    }
    return spec(**lengths.get(spec, {}))


def _key(value: Any) -> str:
    """Returns the key of a choice: the kind in the file, or the name under which people know an optimiser."""
    match value:
        case None:
            return NONE
        case Sgd(nesterov=True):
            return "nesterov"
        case Sgd(momentum=momentum) if momentum:
            return "momentum"
        case Adam(amsgrad=True):
            return "amsgrad"
        case _:
            return str(value.__struct_config__.tag or type(value).__name__.lower())


def _quantities(experiment: Experiment) -> Iterator[Setting]:
    """Yields a switch for each quantity that this network has; those of `ALWAYS` need none."""
    network = experiment.network
    kind = network.cell_kind if isinstance(network, Recurrent) else "feed-forward"
    for name, quantity in QUANTITIES.items():
        if kind in quantity.networks and name not in ALWAYS:
            is_on = name in experiment.recording.what.quantities
            tip = f"Record the {quantity.words} at every recorded step"
            yield Setting(f"{QUANTITIES_PATH}.{name}", quantity.words, tip, Kind.SWITCH, is_on)


def _dropout(network: FeedForward) -> Setting:
    found = {layer.dropout for layer in network.layers[:-1]}
    value = found.pop() if len(found) == 1 else None
    return Setting(DROPOUT, *DROPOUT_WORDS, Kind.NUMBER, value, empty="" if value is not None else "layer by layer")


def _with_dropout(experiment: Experiment, dropout: float | None) -> Experiment:
    """Returns the experiment with this dropout in every hidden layer; None leaves each layer its own."""
    if dropout is None:
        return experiment
    *hidden, output = experiment.feed_forward.layers
    layers = (*(msgspec.structs.replace(layer, dropout=dropout) for layer in hidden), output)
    return _with(experiment, ["network", "layers"], layers)


def _with(spec: Any, names: list[str], value: Any) -> Any:
    """Returns a spec with the field at the end of a way through its fields replaced."""
    first, *rest = names
    inner = _with(getattr(spec, first), rest, value) if rest else value
    return msgspec.structs.replace(spec, **{first: inner})
