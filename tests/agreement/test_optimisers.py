"""Update rules and clipping against PyTorch's: parameters after each of six given gradients, clipped gradients."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.det import det
from tests.kernels.given_gradients import GivenGradients
from vgdesk.kernels.clipping import BY_NORM, Cap
from vgdesk.kernels.rules import PLAIN_DESCENT
from vgdesk.spec.optimiser import Adagrad, Adam, AdamW, RmsProp, Sgd
from vgdesk.training.rule import kernel_rule

FIXTURES = json.loads((Path(__file__).parent / "data" / "optimisers.json").read_text())
RULES = {
    "opt.SGD lr.1": Sgd(learning_rate=0.1),
    "opt.SGD mom.9": Sgd(learning_rate=0.1, momentum=0.9),
    "opt.SGD mom.9 damp.5 wd.01": Sgd(learning_rate=0.1, momentum=0.9, dampening=0.5, weight_decay=0.01),
    "opt.SGD nesterov": Sgd(learning_rate=0.1, momentum=0.9, nesterov=True),
    "opt.RMSprop": RmsProp(learning_rate=0.01),
    "opt.RMSprop mom.9 centered": RmsProp(learning_rate=0.01, momentum=0.9, centred=True),
    "opt.Adam": Adam(learning_rate=0.001),
    "opt.Adam wd.01 (L2)": Adam(learning_rate=0.001, weight_decay=0.01),
    "opt.AdamW wd.01": AdamW(learning_rate=0.001, weight_decay=0.01),
    "opt.AMSGrad": Adam(learning_rate=0.001, amsgrad=True),
    "opt.Adagrad": Adagrad(learning_rate=0.01),
}


def test_every_reference_rule_is_tested():
    assert set(RULES) == {name for name in FIXTURES if name.startswith("opt.")}


@pytest.mark.parametrize("name", RULES)
def test_six_updates_give_the_parameters_of_the_reference(name):
    rule = RULES[name]
    trained = GivenGradients(kernel_rule(rule), [det(3, 0.7, 0.9)])
    for k, expected in enumerate(FIXTURES[name]["out"]["p_after_each_step"]):
        trained.step([det(3, 0.3 + k, 1.3) * 10.0 ** -(k % 4)], rule.learning_rate)
        np.testing.assert_allclose(trained.parameters()[0], expected, rtol=1e-12)


@pytest.mark.parametrize("name", [name for name in FIXTURES if name.startswith("clip_norm")])
def test_clipping_by_norm_gives_the_gradients_of_the_reference(name):
    expected, maximum = FIXTURES[name]["out"], FIXTURES[name]["inputs"]["max_norm"]
    zeros = [np.zeros((2, 3)), np.zeros(4)]
    trained = GivenGradients(PLAIN_DESCENT, zeros, cap=Cap(BY_NORM, maximum))
    before, after, engaged = trained.step([det((2, 3), 0.2, 0.9, 3), det(4, 0.5, 0.8, 2)], rate=1.0)
    clipped = [-p for p in trained.parameters()]  # plain descent from 0 at rate 1
    assert 10**before == pytest.approx(expected["total_norm"], rel=1e-13, abs=0)
    np.testing.assert_allclose(clipped[0], expected["g0"], rtol=1e-12)
    np.testing.assert_allclose(clipped[1], expected["g1"], rtol=1e-12)
    assert 10**after == pytest.approx(np.linalg.norm([*np.ravel(expected["g0"]), *expected["g1"]]), rel=1e-12, abs=0)
    assert engaged == (maximum < expected["total_norm"])
