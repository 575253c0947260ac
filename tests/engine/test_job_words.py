"""A job is called in a sentence what people call it."""

import pytest

from vgdesk.engine.commands import FindBound, MapPhases, SymbolicCommand, Verify
from vgdesk.engine.job_words import described
from vgdesk.spec.library import example


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (FindBound(1, "leaky-relu", 1.0, 3), "The bound of a chain of leaky ReLU"),
        (MapPhases(1, "elu(0.5)", 1.0, 0.0), "The phase diagram of ELU (α = 0.5)"),
        (Verify(1, example("mazur")), "The verification of “Mazur's step-by-step example”"),
    ],
)
def test_activations_and_experiments_have_the_names_that_people_know(job: SymbolicCommand, words: str):
    assert described(job) == words
