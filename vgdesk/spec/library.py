"""The bundled experiments, by name, in the order a newcomer meets them."""

from functools import cache
from pathlib import Path

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import read_experiment
from vgdesk.spec.reading import experiment_from_json

EXAMPLES = (
    "insurance",
    "insurance-sparse",
    "classic-chain",
    "chain-flat",
    "chain-exploding",
    "mazur",
    "xor",
    "circles",
    "spirals",
    "digits-sigmoid-20",
    "digits-tanh-20",
    "digits-relu-20",
    "digits-sigmoid-100",
)


@cache
def example(name: str) -> Experiment:
    """Returns a bundled experiment; raises `SpecError` that lists the names when there is none of that name."""
    if name not in EXAMPLES:
        raise SpecError(f"unknown example {name!r}; the examples are {', '.join(EXAMPLES)}")
    path = resource("examples", f"{name}.json")
    return experiment_from_json(path.read_bytes(), path.name)


def find_experiment(name: str) -> Experiment:
    """Returns a bundled experiment, or reads the file when `name` ends in .json or names an existing file."""
    path = Path(name)
    if name not in EXAMPLES and (path.suffix == ".json" or path.is_file()):
        return read_experiment(name)
    return example(name)
