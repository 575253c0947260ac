"""The rule told for a time step gives the gradient of a cell that is run here, wherever the output is read.

What the rule's terms are called is looked up in a run of a one-unit cell; derivatives there are quotients of central
differences, found by adding a little to the named quantity.
"""

import numpy as np
import pytest

from tests.builders import reader
from tests.histories import profile
from vgdesk.present.formula import to_text
from vgdesk.present.time_formula import time_derivation
from vgdesk.records.derivation import DerivationStep
from vgdesk.records.formula import Formula, Partial, Power, Product, Relation, Sum, Symbol
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.recurrent import Gru, Lstm, VanillaCell
from vgdesk.spec.sequences import SequenceExamples

CELLS = {"rnn": VanillaCell(), "lstm": Lstm(), "gru": Gru(), "gru-before": Gru(reset="before")}
STEPS, LITTLE = 5, 1e-5
X = [0.7, -0.4, 0.9, 0.2, -0.8]
W, U, B = np.array([0.9, -0.7, 0.6, 0.8]), np.array([0.8, 0.5, -0.9, 1.1]), np.array([0.1, 0.6, -0.2, 0.3])


def run(kind: str, read: int, name: str = "", added: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Returns what `h_t`, `a_t`, `a_y,t` and `L` are where `added` is added to what `name` names."""
    seen: dict[str, np.ndarray] = {}

    def named(as_what: str, size: object) -> np.ndarray:
        seen[as_what] = np.atleast_1d(np.asarray(size, float)) + (added if as_what == name else 0.0)
        return seen[as_what]

    h, c, loss = np.zeros(1), 0.0, 0.0
    for t, x in enumerate(X, 1):
        if kind == "rnn":
            h = named(f"h_{t}", np.tanh(named(f"a_{t}", W[0] * x + U[0] * h + B[0])))
        elif kind == "lstm":
            a = named(f"a_{t}", W * x + U * h + B)
            i, f, o = sigmoid(a[[0, 1, 3]])
            c = f * c + i * np.tanh(a[2])
            h = named(f"h_{t}", o * np.tanh(c))
        else:
            r, z = sigmoid(W[:2] * x + U[:2] * h + B[:2])
            through = r * (U[2] * h + B[3]) if kind == "gru" else U[2] * r * h
            h = named(f"h_{t}", (1 - z) * np.tanh(W[2] * x + B[2] + through) + z * h)
        if t > STEPS - read:
            loss += 0.5 * float((named(f"a_y,{t}", 1.3 * h)[0] - 0.5 * t) ** 2)
    named("L", loss)
    return seen


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def derivative(kind: str, read: int, of: str, by: str) -> np.ndarray:
    """Returns the matrix of derivatives, a column for each number of `by`."""
    ways = LITTLE * np.eye(run(kind, read)[by].size)
    columns = [(run(kind, read, by, way)[of] - run(kind, read, by, -way)[of]) / (2 * LITTLE) for way in ways]
    return np.column_stack(columns)


def number(formula: Formula, kind: str, read: int) -> np.ndarray:
    """Returns what a side of the rule is; a gradient is a column."""
    match formula:
        case Sum(terms):
            return np.add.reduce([number(term, kind, read) for term in terms])
        case Product(factors):
            return np.linalg.multi_dot([*(number(factor, kind, read) for factor in factors), np.eye(1)])
        case Power(base, Symbol("top")):
            return number(base, kind, read).T
        case Partial(Symbol() as of, Symbol() as by):
            found = derivative(kind, read, spelled(of), spelled(by))
            return found.T if of.name == "L" else found
        case _:
            raise AssertionError(f"no such term is known: {to_text(formula)}")


def spelled(symbol: Symbol) -> str:
    return f"{symbol.name}_{symbol.subscript}" if symbol.subscript else symbol.name


def experiment_of(kind: str, read: int) -> Experiment:
    task = SequenceExamples((tuple((x,) for x in X),), (((0.0,),) * read,))
    return reader(task, CELLS[kind], width=1)


def first_step(kind: str, read: int, time_step: int) -> DerivationStep:
    state = profile([-3.0, -2.5, -2.0, -1.5, -1.0], quantity="state")
    return time_derivation(experiment_of(kind, read), state, time_step).steps[0]


@pytest.mark.parametrize("read", [1, 3])
@pytest.mark.parametrize("kind", CELLS)
def test_the_rule_told_gives_the_gradient_of_the_state(kind: str, read: int):
    for time_step in range(1, STEPS):
        (rule,) = first_step(kind, read, time_step).lines
        assert isinstance(rule, Relation)
        left, right = (number(side, kind, read).item() for side in rule.sides)
        assert right == pytest.approx(left, rel=1e-6, abs=1e-9), to_text(rule)


def test_the_output_is_named_only_where_it_is_read():
    assert [("output" in first_step("gru", 3, time_step).note) for time_step in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        True,
    ]
