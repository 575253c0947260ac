"""The first update of one parameter, in symbols and in numbers, as its optimiser makes it from zero state.

With g = dL/dw, clipped and with the L2 term where the training says so, eta the rate of the schedule's first step:

    SGD, momentum      w <- w - eta g               (momentum's buffer is g itself at the first step)
    Nesterov           w <- w - eta (1 + mu) g
    RMSprop            w <- w - eta g / (sqrt(1 - alpha) |g| + epsilon)
    centred            w <- w - eta g / (sqrt((1 - alpha) alpha) |g| + epsilon)        (momentum's buffer is 0 before)
    Adam, Adagrad      w <- w - eta g / (|g| + epsilon)       (the bias corrections cancel: m = g, v = g^2)
    AdamW              w <- (1 - eta lambda) w - the same

Later updates depend on the gradients before them, and have no such form.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from vgdesk.records.derivation import DerivationStep, StepKind
from vgdesk.records.formula import (
    Call,
    Formula,
    Fraction,
    Negative,
    Norm,
    Number,
    Partial,
    Product,
    Relation,
    Sum,
    Symbol,
)
from vgdesk.records.live import digits_to_show
from vgdesk.spec.clipping import ClipByNorm
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.optimiser import Adagrad, Adam, AdamW, Optimiser, RmsProp, Sgd
from vgdesk.symbolic.evaluate import Values
from vgdesk.symbolic.factors import Parameter
from vgdesk.symbolic.notation import LOSS, parameter_symbol

_G = Symbol("g")
_NAMES = {RmsProp: "RMSprop", Adam: "Adam", AdamW: "AdamW", Adagrad: "Adagrad"}


class _Step(NamedTuple):
    """Is what is subtracted from the parameter: formula, formula with numbers, value."""

    formula: Formula
    numbers: Formula
    value: float


def update_step(experiment: Experiment, wrt: Parameter, values: Values) -> DerivationStep:
    """Returns the step that shows the first update of `wrt` by this example's gradient."""
    network = experiment.feed_forward
    names = [parameter.name for parameter in (*network.edges(), *network.biases())]
    return update_of(experiment, wrt.name, parameter_symbol(wrt.name), names, values)


def update_of(
    experiment: Experiment, name: str, symbol: Formula, names: Sequence[str], values: Values
) -> DerivationStep:
    """Returns the step that shows the first update of the parameter `name`; `names` are all of the network."""
    training = experiment.training
    rule, rate = training.optimiser, training.schedule.rate(training.optimiser.learning_rate, 0)
    old, slope = float(values[name]), float(values[f"dL_{name}"])
    clipped, clip_note = _clipped(experiment, slope, names, values)
    decay, kept = (0.0, 1.0 - rate * rule.weight_decay) if isinstance(rule, AdamW) else (rule.weight_decay, 1.0)
    g, is_slope = clipped + decay * old, clipped == slope and decay == 0.0
    letter: Formula = Partial(LOSS, symbol) if is_slope and isinstance(rule, Sgd) else _G
    lines = (_gradient_line(symbol, old, slope, clipped, decay),) if letter is _G else ()
    step = _step(rule, rate, g, letter)
    new = kept * old - step.value
    shrunk = Sum((_scaled(kept, Number(old)), Negative(step.numbers)))
    return DerivationStep(
        kind=StepKind.UPDATE,
        title=f"Update of {name}",
        lines=(
            *lines,
            Relation((symbol, Sum((_scaled(kept, symbol), Negative(step.formula)))), "arrow"),
            Relation((shrunk, Number(new, digits=digits_to_show(old, new)))),
        ),
        note=" ".join(filter(None, (_rule_note(rule, rate, training.optimiser.learning_rate), clip_note))),
        detail=True,
    )


def _clipped(experiment: Experiment, slope: float, names: Sequence[str], values: Values) -> tuple[float, str]:
    """Returns the gradient after clipping, and what clipping did."""
    clipping = experiment.training.clipping
    if clipping is None:
        return slope, ""
    if not isinstance(clipping, ClipByNorm):
        capped = max(-clipping.maximum, min(clipping.maximum, slope))
        return capped, "" if capped == slope else f"Clipping by value moves the gradient to {capped:g}."
    gradients = [values[f"dL_{name}"] for name in names]
    total = sum(gradient**2 for gradient in gradients) ** 0.5
    factor = min(1.0, float(clipping.maximum / (total + 1e-6)))
    if factor == 1.0:
        return slope, ""
    norms = f"the norm {float(total):.3g}, above the cap {clipping.maximum:g}"
    return factor * slope, f"All gradients of this example together have {norms}: each is multiplied by {factor:.3g}."


def _gradient_line(symbol: Formula, old: float, slope: float, clipped: float, decay: float) -> Formula:
    """Says what g is: the derivative, clipped, with the L2 term."""
    terms: list[Formula] = [Partial(LOSS, symbol)]
    numbers: list[Formula] = [Number(clipped)]
    if decay:
        terms.append(Product((Symbol("lambda"), symbol), "thin"))
        numbers.append(Product((Number(decay), Number(old)), "times"))
    value = Number(clipped + decay * old)
    if clipped != slope:
        terms[0] = Call(Symbol("clip"), (terms[0],))
    return Relation((_G, Sum(tuple(terms)), Sum(tuple(numbers)), value) if decay else (_G, terms[0], value))


def _step(rule: Optimiser, rate: float, g: float, letter: Formula) -> _Step:
    eta = Symbol("eta")
    if isinstance(rule, Sgd):
        ahead = 1.0 + rule.momentum if rule.nesterov else 1.0
        factors = (Number(ahead),) if rule.nesterov else ()
        formula = Product((eta, *factors, letter), "thin")
        return _Step(formula, Product((Number(rate), *factors, Number(g)), "times"), rate * ahead * g)
    root = root_at_first(rule) if isinstance(rule, RmsProp) else 1.0
    size = abs(g) * root
    denominator = Sum((_scaled(root, Norm(letter)), Symbol("epsilon")))
    return _Step(
        Product((eta, Fraction(letter, denominator)), "thin"),
        Product((Number(rate), Fraction(Number(g), Sum((Number(size), Number(rule.epsilon))))), "times"),
        rate * g / (size + rule.epsilon),
    )


def root_at_first(rule: RmsProp) -> float:
    """Returns sqrt(v) / |g| after one step from v = 0, m = 0."""
    return math.sqrt((1.0 - rule.alpha) * (rule.alpha if rule.centred else 1.0))


def _scaled(factor: float, body: Formula) -> Formula:
    if factor == 1.0:
        return body
    return Product((Number(factor), body), "times" if isinstance(body, Number) else "thin")


def _rule_note(rule: Optimiser, rate: float, learning_rate: float) -> str:
    scheduled = "" if rate == learning_rate else " at the first step of its schedule"
    if isinstance(rule, Sgd) and rule.momentum == 0.0:
        return f"Plain gradient descent with the experiment's learning rate η = {rate:g}{scheduled}."
    if isinstance(rule, Sgd):
        name = "Nesterov's momentum" if rule.nesterov else "momentum"
        return f"First update by {name} μ = {rule.momentum:g}, η = {rate:g}{scheduled}; later ones add those before."
    size = f"η / {root_at_first(rule):.3g}" if isinstance(rule, RmsProp) and rule.alpha else "η"
    return (
        f"First update by {_NAMES[type(rule)]}, whose state begins at zero, with η = {rate:g}{scheduled} and "
        f"ε = {rule.epsilon:g}: far above ε its size is {size} whatever the size of g. "
        "Later ones depend on all gradients before."
    )
