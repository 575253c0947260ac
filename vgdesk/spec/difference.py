"""What differs between two experiments, in words: "activation sigmoid → tanh in layers 1–19; initialisation ...".

Any two experiments can be compared; name and title are not part of what is studied. Layers of a feed-forward network
are compared from the input on, the output layer with the output layer.
"""

from typing import Any, NamedTuple, cast

from vgdesk.spec.activation import facts_of
from vgdesk.spec.base import Spec
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.initialisation import Explicit
from vgdesk.spec.layer import DenseLayer
from vgdesk.spec.network import FeedForward, made_up_name
from vgdesk.spec.words import LOSS_WORDS, kind_words

_ASIDE = ("name", "title")
_LONGEST = 60
_ACTIVATION = ("activation", "unit_activations")
_AMBIGUOUS = ("steps", "count", "inputs", "kind")


class Change(NamedTuple):
    """Is one difference.

    Attributes
    ----------
    field
        What differs, for people, e.g. "activation" or "training steps".
    before, after
        Its two values, for people.
    layers
        Numbers of the layers it is about, counting from 1 in the longer network; empty where it is about none.
    """

    field: str
    before: str
    after: str
    layers: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """The difference in a few words."""
        return f"{self.field} {self.before} → {self.after}{_where(self.layers)}"


def difference(before: Experiment, after: Experiment) -> tuple[Change, ...]:
    """Returns what differs, in the order of the fields; empty where the same is studied."""
    found: list[Change] = []
    for name in Experiment.__struct_fields__:
        if name not in _ASIDE:
            found += _changes((name,), getattr(before, name), getattr(after, name))
    return tuple(found)


def difference_words(before: Experiment, after: Experiment) -> str:
    """Returns all differences in one line; "no difference" where there is none."""
    return "; ".join(change.words for change in difference(before, after)) or "no difference"


def _changes(path: tuple[str, ...], before: Any, after: Any) -> list[Change]:
    if before == after:
        return []
    if isinstance(before, FeedForward) and isinstance(after, FeedForward):
        return _network_changes(before, after)
    if isinstance(before, Spec) and type(before) is type(after):
        names = before.__struct_fields__
        return [
            change for name in names for change in _changes((*path, name), getattr(before, name), getattr(after, name))
        ]
    return [Change(_field_words(path), _value_words(before), _value_words(after))]


def _network_changes(before: FeedForward, after: FeedForward) -> list[Change]:
    found = [
        change
        for name in ("inputs", "input_names")
        for change in _changes(("network", name), getattr(before, name), getattr(after, name))
    ]
    if before.depth != after.depth:
        found.append(Change("depth", f"{before.depth} layers", str(after.depth)))
    shorter, longer = sorted((before.depth, after.depth))
    pairs = [(number, before.layers[number - 1], after.layers[number - 1]) for number in range(1, shorter)]
    return found + _layer_changes([*pairs, (longer, before.layers[-1], after.layers[-1])])


def _layer_changes(pairs: list[tuple[int, DenseLayer, DenseLayer]]) -> list[Change]:
    """Returns the differences of layers; the same one in several layers stands once."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for number, before, after in pairs:
        for unit in _units_apart(before, after):
            activations = facts_of(before.activation_of(unit)).words, facts_of(after.activation_of(unit)).words
            key = f"activation of unit {unit}", *activations
            found.setdefault(key, []).append(number)
    for name in DenseLayer.__struct_fields__:
        for number, before, after in pairs:
            if name in _ACTIVATION and _has_own_units(before, after):
                continue
            one, other = _told(before, name, number), _told(after, name, number)
            if one != other:
                words = _activation_words if name == "activation" else _value_words
                key = _field_words((name,)), words(one), words(other)
                found.setdefault(key, []).append(number)
    return [Change(*key, layers=tuple(numbers)) for key, numbers in found.items()]


def _told(layer: DenseLayer, field: str, number: int) -> Any:
    """Returns a field of a layer; of the names those that somebody gave, for the others only fill the list."""
    if field != "unit_names":
        return getattr(layer, field)
    return tuple(name for unit, name in enumerate(layer.unit_names, start=1) if name != made_up_name(number, unit))


def _has_own_units(before: DenseLayer, after: DenseLayer) -> bool:
    """Whether activations are compared unit by unit: where some have one of their own, and none is new or gone."""
    return before.width == after.width and bool(before.unit_activations or after.unit_activations)


def _units_apart(before: DenseLayer, after: DenseLayer) -> list[int]:
    """Returns the units whose activations differ, where these are compared unit by unit."""
    if not _has_own_units(before, after):
        return []
    return [unit for unit in range(1, before.width + 1) if before.activation_of(unit) != after.activation_of(unit)]


def _field_words(path: tuple[str, ...]) -> str:
    name = path[-1]
    if name in _AMBIGUOUS and len(path) > 1:
        name = f"{path[-2]} {name}"
    return {"sigma_w": "σ_w", "sigma_b": "σ_b"}.get(name, name.replace("_", " "))


def _value_words(value: Any) -> str:
    """Returns a value for people: a spec by its kind and by the fields that are not usual."""
    if value is None or value in ("none", ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Spec):
        return _spec_words(value)
    if isinstance(value, tuple) and value and all(isinstance(item, str) for item in cast("tuple[object, ...]", value)):
        value = ", ".join(cast("tuple[str, ...]", value))
    text = str(cast("object", value))
    text = LOSS_WORDS.get(text, text)
    return text if len(text) <= _LONGEST else "other values"


def _activation_words(name: str) -> str:
    """Returns what people call an activation."""
    return facts_of(name).words


def _spec_words(spec: Spec) -> str:
    kind = kind_words(str(spec.__struct_config__.tag or type(spec).__name__.lower()))
    if isinstance(spec, Explicit):
        return kind
    names = [name for name in spec.__struct_fields__ if _is_telling(spec, name)]
    said = [f"{_field_words((name,))} {_value_words(getattr(spec, name))}" for name in names]
    return f"{kind} ({', '.join(said)})" if said else kind


def _is_telling(spec: Spec, name: str) -> bool:
    """Whether a field is worth naming: it is not as usual, or it is the one number that there is."""
    value, names, usual = cast("object", getattr(spec, name)), spec.__struct_fields__, spec.__struct_defaults__
    if len(names) == 1 and isinstance(value, float):
        return True
    known: dict[str, object] = dict(zip(reversed(names), reversed(usual), strict=False))
    return name not in known or value != known[name]


def _where(layers: tuple[int, ...]) -> str:
    if not layers:
        return ""
    if len(layers) == 1:
        return f" in layer {layers[0]}"
    if layers[-1] - layers[0] == len(layers) - 1:
        return f" in layers {layers[0]}–{layers[-1]}"
    return f" in {len(layers)} layers between {layers[0]} and {layers[-1]}"
