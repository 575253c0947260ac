"""Reads an experiment, or another spec, from JSON text and says in one sentence what is wrong with a text that is none.

msgspec checks types and names; what it says about a misfit is made into our words: the thing, the value, what is
allowed. Python's own reader is asked only about texts that are no JSON, because it knows line and column.
"""

import json
import re
from enum import Enum
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec

from vgdesk.errors import SpecError, shortened
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.place_words import place_words

Kind = TypeVar("Kind", bound=msgspec.Struct)

_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_BOUND = re.compile(r"^Expected `(?P<kind>\w+)` (?P<sign>[<>]=) (?P<bound>\S+)$")
_BOUNDS = {">=": "at least", "<=": "at most"}
_KINDS = {
    "object": "an object",
    "array": "a list",
    "str": "a text",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
}


def experiment_from_json(text: str | bytes, source: str = "experiment") -> Experiment:
    """Reads an experiment.

    Parameters
    ----------
    text
        JSON text.
    source
        What to call the text in a message, e.g. the file's name.

    Raises
    ------
    SpecError
        One sentence with the place in the file, the value and what is allowed.
    """
    return spec_from_json(text, Experiment, source, "an experiment")


def spec_from_json(text: str | bytes, kind: type[Kind], source: str, noun: str) -> Kind:
    """Reads a spec or record of a kind, called "an experiment" or another `noun`; raises `SpecError` as above."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.ValidationError as error:
        _require_json(text, source, noun)  # unknown names are found before a later slip of the pen
        raise SpecError(f"{source}: {_sentence(str(error), text, kind, noun)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _require_json(text, source, noun)
        raise SpecError(f"{source} must be {noun} in JSON, but its text cannot be read") from None


def _require_json(text: str | bytes, source: str, noun: str) -> None:
    """Raises `SpecError` when the text is no JSON."""
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        if not decoded.strip():
            hint = ", see `vgdesk examples insurance`" if "experiment" in noun else ""
            raise SpecError(f"{source} is empty; {noun} is a JSON object{hint}")
        json.loads(decoded, parse_constant=lambda name: _refuse_constant(name, source, noun))
    except UnicodeDecodeError as error:
        raise SpecError(f"{source} must be UTF-8 text, but byte {error.start + 1} is not") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise SpecError(f"{source} must be JSON, but at {where} it is not: {error.msg}") from None
    except SpecError:
        raise
    except (RecursionError, ValueError):
        raise SpecError(f"{source} must be {noun}, but it is nested too deeply or a number is too long") from None


def _refuse_constant(name: str, source: str, noun: str) -> None:
    raise SpecError(f"{source} holds {name}; every number of {noun} must be finite")


def _sentence(message: str, text: str | bytes, root: type[msgspec.Struct], noun: str) -> str:
    found = _AT.match(message)
    what, path = (found["what"], found["path"] or "$") if found else (message, "$")
    where = place_words(path.removeprefix("$"))
    if what.startswith("Object contains unknown field"):
        name = what.split("`")[1]
        allowed = ", ".join(_field_names(json.loads(text), path, root))
        return f"{where + ': ' if where else ''}unknown field {name!r}; allowed are {allowed}"
    if what.startswith("Object missing required field"):
        return f"{where or f'the {noun.split(maxsplit=1)[1]}'} lacks the field {what.split('`')[1]!r}"
    if what == "Number out of range":
        return f"{where} must be a finite number"
    if what.startswith(("Invalid value", "Expected `str`")) and path.endswith(".kind"):
        raw = json.loads(text)
        allowed = ", ".join(_tags(_kind_at(raw, path.removesuffix(".kind"), root, follow_tag=False)))
        return f"{where} must be one of {allowed}; got {_value_words(_value_at(raw, path))}"
    if what.startswith("Invalid enum value") or (where and "str`, got" in what):
        allowed = _enumerated(_kind_at(json.loads(text), path, root, follow_tag=False))
        if allowed:
            got = what.removeprefix("Invalid enum value ") if "enum" in what else _expected(what).rpartition("got ")[2]
            return f"{where} must be {allowed}; got {got}"
    if bound := _BOUND.match(what):
        got = _value_words(_value_at(json.loads(text), path))
        return f"{where} must be {_KINDS[bound['kind']]} of {_BOUNDS[bound['sign']]} {bound['bound']}, got {got}"
    if what.startswith("Expected"):
        return f"{where or noun} must be {_expected(what)}"
    return f"{what} (in {where})" if where else what


def _expected(what: str) -> str:
    """Turns "Expected `int | null`, got `str`" into "int or null, got str"."""
    wanted, _, got = what.removeprefix("Expected ").partition(", got ")
    kinds = [_KINDS.get(kind, kind) for kind in wanted.strip("`").split(" | ")]
    return f"{' or '.join(kinds)}, got {_KINDS.get(got.strip('`'), got.strip('`'))}"


def _enumerated(kind: Any) -> str:
    """Returns the words that a type lists, as "a number or one of nan, inf, -inf"; "" where it lists none."""
    members = get_args(kind) if _is_union(kind) else (kind,)
    listed = [value for member in members if get_origin(member) is Literal for value in get_args(member)]
    listed += [
        one.value for member in members if isinstance(member, type) and issubclass(member, Enum) for one in member
    ]
    if not listed:
        return ""
    return f"{'a number or ' if float in members else ''}one of {', '.join(map(str, listed))}"


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)  # `float | Literal["nan"]` is the former, `int | None` the latter


def _value_words(value: Any) -> str:
    """Returns a value as the file writes it, a text in the quotes of our sentences."""
    return repr(shortened(value)) if isinstance(value, str) else shortened(json.dumps(value))


def _field_names(raw: Any, path: str, root: type[msgspec.Struct]) -> list[str]:
    """Returns the field names of the object at a path of msgspec's message."""
    kind = _kind_at(raw, path, root)
    tag = kind.__struct_config__.tag_field
    return [*([tag] if tag else []), *kind.__struct_encode_fields__]


def _kind_at(raw: Any, path: str, root: type[msgspec.Struct], follow_tag: bool = True) -> Any:
    """Returns the type that stands at a path, following the tags in the text (`raw`) through unions."""
    kind: Any = root
    for name, index in _STEP.findall(path):
        kind = _tagged(kind, raw)
        kind = _element(kind) if index else _field_type(kind, name)
        raw = _step_into(raw, name or index)
    return _tagged(kind, raw) if follow_tag else kind


def _tags(kind: Any) -> list[str]:
    members = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    return [member.__struct_config__.tag for member in members if hasattr(member, "__struct_config__")]


def _step_into(raw: Any, step: str) -> Any:
    if isinstance(raw, dict):
        return cast("dict[str, Any]", raw).get(step)
    items = cast("list[Any]", raw) if isinstance(raw, list) else []  # of "any" entry of an object nothing is known
    place = int(step) if step.isdigit() else 0
    return items[place] if place < len(items) else None


def _value_at(raw: Any, path: str) -> Any:
    for name, index in _STEP.findall(path):
        raw = _step_into(raw, name or index)
    return raw


def _field_type(kind: Any, name: str) -> Any:
    return next(field.type for field in msgspec.structs.fields(kind) if field.encode_name == name)


def _element(kind: Any) -> Any:
    return get_args(kind)[1 if get_origin(kind) is dict else 0]


def _tagged(kind: Any, raw: Any) -> Any:
    """Chooses the member of a union by the tag that stands in the text."""
    if not _is_union(kind):
        return kind
    members = [member for member in get_args(kind) if hasattr(member, "__struct_config__")]
    if not members:
        return get_args(kind)[0]
    tag: Any = cast("dict[str, Any]", raw).get("kind") if isinstance(raw, dict) else None
    return next((member for member in members if member.__struct_config__.tag == tag), members[0])
