"""The bundled experiments, by name, in the order a newcomer meets them."""

import os
from functools import cache
from pathlib import Path

from vgdesk.assets import resource
from vgdesk.errors import SpecError
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.files import read_experiment, shown_name
from vgdesk.spec.reading import experiment_from_json

EXAMPLES = (
    "insurance",
    "insurance-sparse",
    "classic-chain",
    "chain-flat",
    "chain-exploding",
    "mazur",
    "xor",
    "four-steps-rnn",
    "four-steps-lstm",
    "four-steps-gru",
    "circles",
    "spirals",
    "digits-sigmoid-20",
    "digits-tanh-20",
    "digits-relu-20",
    "digits-sigmoid-100",
    "digits-pretrained-sigmoid-10",
    "digits-bn-relu-20",
    "digits-resnet-50",
    "digits-rnn-rows",
    "digits-lstm-pixels",
    "adding-rnn-200",
    "adding-lstm-200",
    "copy-gru",
    "temporal-order-lstm",
)


@cache
def example(name: str) -> Experiment:
    """Returns a bundled experiment; raises `SpecError` that lists the names when there is none of that name."""
    if name not in EXAMPLES:
        raise SpecError(f"unknown example {shown_name(name)}; the examples are {', '.join(EXAMPLES)}")
    path = resource("examples", f"{name}.json")
    return experiment_from_json(path.read_bytes(), path.name)


def is_file_name(name: str) -> bool:
    """Whether `name` means a file: no example, and it ends in .json or names an existing file."""
    return name not in EXAMPLES and (name.lower().endswith(".json") or os.path.isfile(name))


def find_experiment(name: str) -> Experiment:
    """Returns a bundled experiment, or reads the file when `name` ends in .json or names an existing file."""
    if name.lower().endswith((".csv", ".tsv")):
        raise SpecError(
            f"{shown_name(name)} is a table, not an experiment; `vgdesk train {Path(name).name} --target COLUMN "
            f"--save-experiment my.json` makes an experiment of it"
        )
    if name not in EXAMPLES and os.path.isdir(name):
        raise SpecError(f"{shown_name(name)} is a folder, not an experiment; name a file in it or an example")
    return read_experiment(name) if is_file_name(name) else example(name)
