"""The benchmark of derivations and equations measures what it says; no test looks at a time."""

import json

import pytest
import sympy as sp

from vgdesk.bench import symbolic
from vgdesk.bench.figure import Figure
from vgdesk.bench.symbolic import NETWORKS, symbolic_figures
from vgdesk.records.learned_names import learned_names
from vgdesk.symbolic.cost import operations_per_parameter
from vgdesk.symbolic.shared import unfold


@pytest.mark.parametrize(("network", "parameters"), list(zip(NETWORKS, [45, 153, 100, 33], strict=True)))
def test_what_is_timed_holds_the_gradient_of_every_parameter(network, parameters):
    names = learned_names(network.experiment.network)
    derived = {str(target) for target, _ in unfold(network.experiment).backward}
    assert len(names) == parameters
    assert {f"dL_{name}" for name in names} <= derived


def test_each_run_derives_a_network_that_sympy_has_never_seen(monkeypatch):
    emptied = []
    monkeypatch.setattr(symbolic, "forget_expressions", lambda: emptied.append(True))
    list(symbolic_figures(NETWORKS[:1], runs=3))
    assert len(emptied) == 2 * 3


def test_the_45_gradients_of_4_4_4_1_need_at_most_five_operations_each():
    assert operations_per_parameter(unfold(NETWORKS[0].experiment)) <= 5


def test_operations_are_those_of_the_lines_that_a_gradient_needs():
    chain = unfold(symbolic._dense(1, 1))
    unread = {"L", "dL_h_0_1", "dL_t_1"}
    needed = [expression for target, expression in (*chain.forward, *chain.backward) if str(target) not in unread]
    assert operations_per_parameter(chain) == sum(map(sp.count_ops, needed)) / 2


def test_a_figure_says_what_was_found_and_asked():
    duration, speed = Figure("a", 1234.5, "ms", 20.0), Figure("b", 3.0, "x", 2.5, at_least=True, decimals=2)
    assert (duration.measured, duration.asked, duration.is_met) == ("1,234.5 ms", "≤ 20 ms", False)
    assert (speed.measured, speed.asked, speed.is_met) == ("3.00x", "≥ 2.5x", True)


def test_a_figure_without_number_says_why():
    figure = Figure("a", None, "x", 2.0, why="JAX is not installed")
    assert (figure.measured, figure.is_met) == ("JAX is not installed", None)


def test_a_figure_without_target_is_neither_met_nor_missed():
    figure = Figure("a", 1.0, "s")
    assert (figure.asked, figure.is_met) == ("—", None)


def test_the_command_measures_alone_what_was_asked_for(monkeypatch, capsys):
    from vgdesk.bench import equations
    from vgdesk.cli.commands import run

    monkeypatch.setattr(symbolic, "NETWORKS", NETWORKS[:1])
    monkeypatch.setattr(equations, "is_measurable", lambda: False)
    assert run(["bench", "--symbolic", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["figures"]
    assert figures[0]["what"] == "4-4-4-1 tanh: all 45 gradients derived"
    assert figures[0]["target"] == 20.0
    assert figures[-1]["value"] is None
    assert not any("first paint" in figure["what"] for figure in figures)
