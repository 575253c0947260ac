"""The same experiment with another value in one field, whichever field of the specification that is.

A field is named by its path in the experiment's JSON, e.g. "training.optimiser.learning_rate" or
"network.layers.3.width", or by one of the short names of `SHORT`. Of a feed-forward network

    depth        counts all layers, the output one too; the hidden layer nearest the output is repeated, or some go
    width        is that of every hidden layer
    activation   is that of every hidden layer, of all its units
    normalisation, dropout   are those of every hidden layer

and of a recurrent one width and activation are those of its cell, and

    length       counts time steps: of the network and of its task, whose dependencies reach over them

so that a sweep over the length tells how well a task is learned against the lag it needs.
"""

import math
from typing import Any, cast

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.network import MAX_DEPTH
from vgdesk.spec.reading import experiment_from_json
from vgdesk.spec.recurrent import Recurrent
from vgdesk.spec.sequences import AddingProblem, CopyMemory, TemporalOrder

Value = int | float | str | bool

SHORT = {
    "learning_rate": "training.optimiser.learning_rate",
    "momentum": "training.optimiser.momentum",
    "weight_decay": "training.optimiser.weight_decay",
    "batch_size": "training.batch_size",
    "steps": "training.steps",
    "precision": "training.precision",
    "sigma_w": "initialisation.sigma_w",
    "sigma_b": "initialisation.sigma_b",
    "gain": "initialisation.gain",
    "std": "initialisation.std",
}
"""Short names of fields; `depth`, `width`, `activation`, `initialisation`, `length` and `seed` are short already."""
WHOLE_NETWORK = ("depth", "width", "activation", "normalisation", "dropout", "initialisation", "length")
_OWN_RULE = {"sigma_w": "scaled-gaussian", "sigma_b": "scaled-gaussian", "std": "fixed"}


def varied(experiment: Experiment, field: str, value: Value) -> Experiment:
    """Returns the experiment with a field changed.

    "initialisation" takes a rule's kind, or kind and distribution as in "glorot-normal". "sigma_w", "sigma_b" and "std"
    change the rule to the one that has them.

    Raises
    ------
    SpecError
        When there is no such field, or the value is none for it.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise SpecError(f"{field} must be a finite number, got {value}")
    raw = cast("dict[str, Any]", msgspec.json.decode(msgspec.json.encode(experiment)))
    match field:
        case "depth":
            raw["network"] = _with_depth(experiment, raw["network"], value)
        case "width" | "activation" | "normalisation" | "dropout":
            _in_every_layer(experiment, raw["network"], field, value)
        case "initialisation":
            raw["initialisation"] = _rule(str(value))
        case "length":
            _set_length(experiment, raw, value)
        case _:
            path = SHORT.get(field, field)
            if field in _OWN_RULE and field not in raw["initialisation"]:
                raw["initialisation"] = {"kind": _OWN_RULE[field]}
            _set(raw, path.split("."), value, field)
    source = f"{field} = {str(value)[:80]}"
    return experiment_from_json(msgspec.json.encode(raw), source)


def _with_depth(experiment: Experiment, network: dict[str, Any], depth: Value) -> dict[str, Any]:
    if isinstance(experiment.network, Recurrent):
        raise SpecError("depth is a feed-forward network's; of a recurrent one vary network.steps")
    if not isinstance(depth, int) or not 1 <= depth <= MAX_DEPTH:
        raise SpecError(f"depth must be an integer from 1 to {MAX_DEPTH}, got {depth!r}")
    *hidden, output = network["layers"]
    if depth > 1 and not hidden:
        raise SpecError("depth can be varied where there is a hidden layer to repeat; this network has none")
    wanted = [hidden[min(place, len(hidden) - 1)] for place in range(depth - 1)]
    return {**network, "layers": [*wanted, output]}


def _set_length(experiment: Experiment, raw: dict[str, Any], value: Value) -> None:
    """Makes network and task so many time steps long; of copying a memory it is the delay that grows."""
    task = experiment.task
    if isinstance(value, bool) or not isinstance(value, int):
        raise SpecError(f"length must be an integer, got {value!r}")
    match task:
        case AddingProblem() | TemporalOrder():
            raw["task"]["length"] = value
        case CopyMemory() if value <= 2 * task.length:
            raise SpecError(f"length of copying {task.length} symbols must be above {2 * task.length}, got {value}")
        case CopyMemory():
            raw["task"]["delay"] = value - 2 * task.length
        case _:
            raise SpecError(
                "length is that of a task whose length can be chosen: adding, copy-memory or temporal-order; "
                f"this is {type(task).__struct_config__.tag}"
            )
    raw["network"]["steps"] = value


def _in_every_layer(experiment: Experiment, network: dict[str, Any], field: str, value: Value) -> None:
    if isinstance(experiment.network, Recurrent):
        (network["cell"] if field == "activation" else network)[field] = value
        return
    *hidden, _ = network["layers"]
    if not hidden:
        raise SpecError(f"{field} is that of hidden layers; this network has none")
    for layer in hidden:
        layer[field] = value
        _all_units_alike(layer, field)


def _rule(text: str) -> dict[str, str]:
    kind, dash, distribution = text.rpartition("-")
    if dash and distribution in ("normal", "uniform"):
        return {"kind": kind, "distribution": distribution}
    return {"kind": text}


def _set(raw: Any, path: list[str], value: Value, field: str) -> None:
    *way, last = path
    for step in way:
        raw = _step(raw, step, field)
    if isinstance(raw, list) and last.isdigit() and int(last) < len(cast("list[Any]", raw)):
        raw[int(last)] = value
    elif isinstance(raw, dict) and (way or last in raw):
        raw[last] = value
        _all_units_alike(cast("dict[str, Any]", raw), last)
    else:
        raise _unknown(field)


def _all_units_alike(layer: dict[str, Any], field: str) -> None:
    """Takes the units' own activations away where the whole layer gets one."""
    if field == "activation" and layer.get("unit_activations"):
        layer["unit_activations"] = []


def _step(raw: Any, step: str, field: str) -> Any:
    if isinstance(raw, dict) and step in raw:
        return cast("dict[str, Any]", raw)[step]
    if isinstance(raw, list) and step.isdigit() and int(step) < len(cast("list[Any]", raw)):
        return cast("list[Any]", raw)[int(step)]
    raise _unknown(field)


def _unknown(field: str) -> SpecError:
    known = ", ".join((*WHOLE_NETWORK, "seed", *SHORT))
    return SpecError(
        f"field must be one of {known}, or a path in the experiment's JSON such as network.layers.0.width; "
        f"got {field[:80]!r}"
    )
