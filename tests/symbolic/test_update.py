"""The shown update is the one that training makes at its first step."""

from typing import Any

import msgspec
import pytest

from vgdesk.present.formula.text import to_text
from vgdesk.records.derivation import Derivation, DerivationStep, StepKind
from vgdesk.records.formula import Number, Relation
from vgdesk.spec.clipping import ClipByNorm, ClipByValue
from vgdesk.spec.experiment import Experiment
from vgdesk.spec.library import example
from vgdesk.spec.optimiser import OPTIMISERS, Adagrad, Adam, AdamW, RmsProp, Sgd
from vgdesk.spec.schedule import WarmUp
from vgdesk.study.derive import derive
from vgdesk.training.loop import Trainer

RULES = {
    **OPTIMISERS,
    "decayed sgd": Sgd(weight_decay=0.1),
    "decayed nesterov": Sgd(momentum=0.5, nesterov=True, weight_decay=0.1),
    "decayed rmsprop": RmsProp(weight_decay=0.1, epsilon=0.01),
    "centred rmsprop with momentum": RmsProp(weight_decay=0.1, alpha=0.9, centred=True, momentum=0.5),
    "decayed adam": Adam(weight_decay=0.1),
    "decayed adamw": AdamW(weight_decay=0.5, learning_rate=0.1),
    "decayed adagrad": Adagrad(weight_decay=0.1, epsilon=0.1),
}


def mazur(**changes: Any) -> Experiment:
    experiment = example("mazur")
    return msgspec.structs.replace(experiment, training=msgspec.structs.replace(experiment.training, **changes))


def update_of(derivation: Derivation) -> DerivationStep:
    return next(step for step in derivation.steps if step.kind is StepKind.UPDATE)


def shown(experiment: Experiment, wrt: str) -> float:
    last = update_of(derive(experiment, wrt)).lines[-1]
    assert isinstance(last, Relation)
    number = last.sides[-1]
    assert isinstance(number, Number)
    return number.value


def trained(experiment: Experiment, wrt: str) -> float:
    trainer = Trainer(experiment)
    trainer.advance(1)
    edge = next(edge for edge in experiment.network.edges() if edge.name == wrt)
    return float(trainer.parameters.weights[edge.layer - 1][edge.unit - 1, edge.source - 1])


@pytest.mark.parametrize(
    "clipping", [None, ClipByNorm(maximum=0.05), ClipByValue(maximum=0.01), ClipByNorm(maximum=100.0)]
)
@pytest.mark.parametrize("name", RULES)
def test_every_shown_update_is_the_trained_one(name: str, clipping: Any):
    experiment = mazur(optimiser=RULES[name], clipping=clipping, schedule=WarmUp(steps=2))
    for wrt in ("w1", "w8"):
        assert shown(experiment, wrt) == pytest.approx(trained(experiment, wrt), rel=1e-12)


def test_plain_descent_is_one_rule_and_its_numbers():
    step = update_of(derive(example("mazur"), "w1"))
    assert len(step.lines) == 2
    assert step.note == "Plain gradient descent with the experiment's learning rate η = 0.5."


def test_the_term_of_l2_stands_in_the_gradient_of_adam_but_not_of_adamw():
    lines = [
        to_text(update_of(derive(mazur(optimiser=rule, clipping=ClipByNorm(maximum=0.05)), "w1")).lines[0])
        for rule in (Adam(weight_decay=0.1), AdamW(weight_decay=0.1))
    ]
    assert lines == ["g = clip(∂L/∂w₁) + λ w₁ = 0.000117 + 0.1 × 0.15 = 0.0151", "g = clip(∂L/∂w₁) = 0.000117"]


def test_clipping_that_engages_is_said():
    note = update_of(derive(mazur(clipping=ClipByNorm(maximum=0.05)), "w1")).note
    assert "above the cap 0.05: each is multiplied by 0.2" in note


def test_an_optimiser_with_state_says_that_this_is_its_first_update():
    note = update_of(derive(mazur(optimiser=Adam()), "w1")).note
    assert note.startswith("First update by Adam, whose state begins at zero, with η = 0.001")
    assert "Later ones depend on all gradients before." in note
