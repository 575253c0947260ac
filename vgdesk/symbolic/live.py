"""Makes a derivation live: its lines as a program, and the derivation told with marks (see `vgdesk.records.live`).

Telling with marks needs no arithmetic: every name gets a random number of its own, as if it were its value, and the
story is told as always. What a story computes besides the named lines, products of two of them or the numbers of the
update, is added to the program here as lines of their own, and its mark is computed from the others.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from vgdesk.errors import SpecError
from vgdesk.records.codec import frozen
from vgdesk.records.derivation import Derivation, StepKind
from vgdesk.records.derivation_views import MatrixView, PathView
from vgdesk.records.formula import Formula
from vgdesk.records.live import Adjustable, LiveDerivation, LiveProfile
from vgdesk.records.parameters import Parameters
from vgdesk.records.places import places_of
from vgdesk.spec.edit import with_learning_rate
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.optimiser import AdamW, RmsProp, Sgd
from vgdesk.spec.recurrent import Recurrent
from vgdesk.symbolic.derive import derivation_of, find_parameter
from vgdesk.symbolic.evaluate import Values, value_of
from vgdesk.symbolic.intermediates import Learned, Unfolded
from vgdesk.symbolic.layers import couples_examples, is_always_zero
from vgdesk.symbolic.learned import learned_numbers
from vgdesk.symbolic.network import named, symbolic_network
from vgdesk.symbolic.reverse import Line
from vgdesk.symbolic.shared import given_numbers, is_plain, sum_derivation
from vgdesk.symbolic.substitute import in_numbers, table_of
from vgdesk.symbolic.tape import Tape
from vgdesk.symbolic.update_story import root_at_first
from vgdesk.symbolic.views import GradientViews

RATE = "eta"
MOST_EXAMPLES = 16
"""Of so many examples the profile follows within a frame; with more it waits for the exact one."""
_SEED = 7


def live_derivation(
    experiment: Experiment,
    wrt: str,
    numbers: Sequence[Adjustable],
    parameters: Parameters,
    inputs: np.ndarray,
    targets: np.ndarray,
    example: int,
) -> LiveDerivation:
    """Returns the derivation of dL/d(wrt) with everything that is needed to change its numbers.

    Parameters
    ----------
    numbers
        What can be changed, in the order of `given_numbers`, the learning rate last.
    parameters, inputs, targets, example
        As of `vgdesk.symbolic.shared.derive_sum`.
    """
    return _Live(experiment, wrt, parameters, inputs, targets, example).made(tuple(numbers))


class _Live:
    def __init__(
        self,
        experiment: Experiment,
        wrt: str,
        parameters: Parameters,
        inputs: np.ndarray,
        targets: np.ndarray,
        example: int,
    ) -> None:
        self._experiment, self._example = experiment, example
        self._inputs, self._targets, self._parameters = inputs, targets, parameters
        self._views = GradientViews(experiment, wrt, parameters, inputs, targets, example)
        self._unfolded, self._entry, _ = self._views.passes
        self._tail = f"_e{example}" if couples_examples(experiment) and len(inputs) > 1 else ""
        self._random = random.Random(_SEED)
        self._given = [*self._given_of(example - 1), RATE]
        self._tape = Tape(self._given)
        self._marks: Values = {name: self._mark() for name in self._given}

    def made(self, numbers: tuple[Adjustable, ...]) -> LiveDerivation:
        self._write_passes()
        paths, ledger, slopes = self._views.told()
        extras = list(_extra_lines(self._experiment, self._unfolded, self._entry, slopes))
        self._tape.write(extras)
        for target, expression in extras:
            self._marks[str(target)] = value_of(expression, self._marks)
        program, slots = self._tape.program()
        template = self._template()
        marks = sorted((float(mark), slots[name]) for name, mark in self._marks.items())
        return LiveDerivation(
            numbers=numbers,
            program=program,
            marks=frozen([mark for mark, _ in marks]),
            mark_slots=frozen([slot for _, slot in marks], np.int64),
            template=template,
            held_steps=tuple(self._held(template)),
            matrices=self._matrices(),
            paths=paths,
            ledger=ledger,
            factor_slots={name: slots[_slope_name(name)] for name in slopes},
            factor_numbers=self._factor_numbers(paths),
            gradient=slots[f"dL_{self._entry.name}"],
            profile=self._profile(slots),
        )

    def _mark(self) -> Any:
        return mpmath.mpf(self._random.uniform(0.5, 1.0))

    def _given_of(self, row: int) -> Values:
        chosen = slice(None) if couples_examples(self._experiment) else slice(row, row + 1)
        return given_numbers(self._experiment, self._parameters, self._inputs[chosen], self._targets[chosen])

    def _write_passes(self) -> None:
        """Writes the lines of both ways to name them; equal lines share their slots."""
        passes = [self._unfolded, *([symbolic_network(self._experiment)] if is_plain(self._experiment) else [])]
        for one in passes:
            lines = [line for line in (*one.forward, *one.backward) if str(line[0]) not in self._tape.slots]
            self._tape.write(lines)
            self._marks |= {str(target): self._mark() for target, _ in lines}
        name = f"dL_{self._entry.name}"
        if name not in self._tape.slots or is_always_zero(self._experiment, self._entry.array):
            self._tape.name(name, self._tape.constant(0.0))
            self._marks.setdefault(name, self._mark())

    def _template(self) -> Derivation:
        marked = with_learning_rate(self._experiment, float(self._marks[RATE]))
        if is_plain(marked):
            return derivation_of(marked, find_parameter(marked.feed_forward, self._entry.name), self._marks)
        return sum_derivation(marked, self._entry, self._unfolded, self._marks, self._tail)

    def _factor_numbers(self, paths: PathView) -> dict[str, Formula]:
        table = table_of(self._unfolded.symbols, self._marks)
        return {factor.id: numbers for factor in paths.factors for numbers in in_numbers(factor.closed_form, table)}

    def _matrices(self) -> MatrixView | None:
        try:
            return self._views.matrices(self._marks)
        except SpecError:
            return None

    def _held(self, template: Derivation) -> Iterator[int]:
        """Yields the update where gradients are clipped: whether clipping engages changes what is told."""
        if self._experiment.training.clipping is not None:
            yield from (number for number, step in enumerate(template.steps) if step.kind is StepKind.UPDATE)

    def _profile(self, slots: dict[str, int]) -> LiveProfile:
        network = self._experiment.network
        is_mean = not isinstance(network, Recurrent)
        groups: dict[Any, list[int]] = {}
        if is_mean:
            for entry in learned_numbers(network):
                if entry.array.startswith("W") and f"dL_{entry.name}" in slots:
                    groups.setdefault(entry.array, []).append(slots[f"dL_{entry.name}"])
        else:
            for name, about in self._unfolded.intermediates.items():
                if name.startswith("h_"):
                    groups.setdefault(about.place.layer, []).append(slots[f"dL_{name}"])
        quantity = "weight" if is_mean else "state"
        return LiveProfile(
            quantity=quantity,
            places=places_of(quantity, network)[0],
            groups=tuple(tuple(group) for group in groups.values()),
            is_mean=is_mean,
            data=frozen(self._data()),
            row=0 if couples_examples(self._experiment) else self._example - 1,
        )

    def _data(self) -> list[list[float]]:
        learned = {entry.name for entry in learned_numbers(self._experiment.network)}
        rows = 1 if couples_examples(self._experiment) else len(self._inputs)
        if rows > MOST_EXAMPLES:
            return []
        return [
            [float(value) for name, value in self._given_of(row).items() if name not in learned] for row in range(rows)
        ]


def _slope_name(factor: str) -> str:
    return f"slope of {factor}"


def _extra_lines(
    experiment: Experiment, unfolded: Unfolded, wrt: Learned, slopes: dict[str, sp.Expr]
) -> Iterator[Line]:
    """Yields what the stories compute besides the lines of both passes."""
    yield from ((named(_slope_name(factor)), slope) for factor, slope in slopes.items())
    if is_plain(experiment):
        yield from _products(experiment, wrt.name)
    else:
        for target, expression in unfolded.uses(wrt.name):
            local = unfolded.local(target, expression, named(wrt.name))
            yield named(f"local at {target}"), local
            yield named(f"contribution of {target}"), named(f"dL_{target}") * local
    yield from _update_lines(experiment, named(wrt.name), named(f"dL_{wrt.name}"))


def _products(experiment: Experiment, wrt: str) -> Iterator[Line]:
    """Yields the factors of a plain network that are products, and the probabilities of softmax."""
    network = experiment.feed_forward
    for edge in network.edges():
        slope = named(f"s_{edge.layer}_{edge.unit}")
        if network.is_chain:
            yield named(f"link of {edge.name}"), named(edge.name) * slope
        if edge.name == wrt:
            yield named(f"local at {wrt}"), slope * named(f"h_{edge.layer - 1}_{edge.source}")
            yield from _outer_product(network.widths, edge.layer)
    if experiment.loss == "softmax-cross-entropy":
        for unit in range(1, network.outputs + 1):
            yield named(f"probability {unit}"), named(f"d_{network.depth}_{unit}") + named(f"t_{unit}")


def _outer_product(widths: Sequence[int], layer: int) -> Iterator[Line]:
    """Yields delta_i h_j of a layer, which the matrix view shows also where connections are absent."""
    for unit in range(1, widths[layer] + 1):
        for source in range(1, widths[layer - 1] + 1):
            yield named(f"slope by {unit} of {source}"), named(f"d_{layer}_{unit}") * named(f"h_{layer - 1}_{source}")


def _update_lines(experiment: Experiment, weight: sp.Symbol, gradient: sp.Symbol) -> Iterator[Line]:
    """Yields the numbers of the first update without clipping (formulas: `vgdesk.symbolic.update_story`)."""
    rule, schedule = experiment.training.optimiser, experiment.training.schedule
    start = schedule.rate(0.0, 0)
    rate = start + (schedule.rate(1.0, 0) - start) * named(RATE)
    yield named("first rate"), rate
    decay = 0.0 if isinstance(rule, AdamW) else rule.weight_decay
    kept = 1.0 - rate * rule.weight_decay if isinstance(rule, AdamW) else sp.Integer(1)
    g = gradient + decay * weight
    yield named("decayed gradient"), g
    yield named("kept part"), kept
    if isinstance(rule, Sgd):
        step = rate * (1.0 + rule.momentum if rule.nesterov else 1.0) * g
    else:
        size = sp.Abs(g) * (root_at_first(rule) if isinstance(rule, RmsProp) else 1.0)
        yield named("size of the gradient"), size
        step = rate * g / (size + rule.epsilon)
    yield named("updated weight"), kept * weight - step
