"""The commands that the README lists do what it says, and the help of `gradients` knows every name of an array."""

import re
import shlex
from pathlib import Path

import pytest

from vgdesk.cli.gradients import gradients
from vgdesk.records.parameters import parameter_names
from vgdesk.spec.layer import DenseLayer, Highway
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.spec.network import FeedForward

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `vgdesk .*", README, re.MULTILINE)
COMMANDS = re.findall(r"`vgdesk ([^`]*)`", "\n".join(ROWS))
"""Those that a row is about, and those that its text names."""
NEEDS_A_WINDOW_OR_MINUTES = ("--experiment", "--lesson", "--screenshot", "bench")
RICH = FeedForward(
    inputs=2,
    layers=(DenseLayer(width=2, activation="prelu", normalisation="batch", skip=Highway()), DenseLayer(width=1)),
)


def shortened(command: str) -> list[str]:
    """Returns the arguments, with three steps where there are more."""
    return shlex.split(re.sub(r"--steps \d+", "--steps 3", command))


def written_by(arguments: list[str]) -> list[Path]:
    return [Path(arguments[place + 1]) for place, word in enumerate(arguments) if word == "--out"]


@pytest.mark.usefixtures("one_core")
def test_every_command_of_the_readme_runs(vgdesk, tmp_path: Path):
    rows = [f"{n},{n % 7},{'yes' if n % 3 else 'no'}" for n in range(40)]
    (tmp_path / "my.csv").write_text("\n".join(["a,b,c", *rows]), encoding="utf-8")
    chosen = [command for command in COMMANDS if not command.startswith(NEEDS_A_WINDOW_OR_MINUTES)]
    assert len(chosen) >= len(COMMANDS) - len(NEEDS_A_WINDOW_OR_MINUTES) > 10
    for command in chosen:
        arguments = shortened(command)
        if arguments[:2] == ["train", "my.csv"]:
            arguments += ["--steps", "3"]
        done = vgdesk(*arguments)
        assert done.status == 0, (command, done.err)
        assert all(path.stat().st_size > 0 for path in written_by(arguments)), command


def test_every_option_that_the_table_names_exists(vgdesk):
    for command, told in re.findall(r"^\| `vgdesk ((?:export )?\w[\w-]*)[^`]*` \|(.*)$", README, re.MULTILINE):
        for option in re.findall(r"`(--[a-z-]+)", told):
            assert option in vgdesk(*command.split(), "--help").out, (command, option)


def test_the_help_of_gradients_names_the_arrays_there_are():
    text = re.search(r"Names in the parameters' file;(.*?)Names in", gradients.__doc__ or "", re.DOTALL)
    assert text is not None
    told = {name.rstrip("0123456789") for name in re.findall(r"\b(?:[A-Za-z_]+\d|[Wb]_\w+|b)\b", text[1])}
    networks = [RICH, *(example(name).network for name in EXAMPLES)]
    assert told == {name.rstrip("0123456789") for network in networks for name in parameter_names(network)}
