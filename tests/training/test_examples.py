"""Every bundled experiment learns something, in its first steps already."""

import numpy as np
import pytest

from vgdesk.records.history import RunOutcome
from vgdesk.spec.library import EXAMPLES, example
from vgdesk.training.loop import Trainer

STEPS, WINDOW = 200, 20


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_loss_falls_within_two_hundred_steps(name: str):
    history = Trainer(example(name), evaluates=False).advance(STEPS)
    assert history.outcome in (RunOutcome.RUNNING, RunOutcome.COMPLETED)
    assert history.rows == STEPS
    # batches differ by their examples; twenty of them differ by less than the 1 % asked for
    assert np.mean(history.loss[-WINDOW:]) < 0.99 * np.mean(history.loss[:WINDOW])
