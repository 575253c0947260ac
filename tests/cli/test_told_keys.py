"""Whoever reads a JSON object finds each of its keys explained in the help of the command that printed it."""

import json
import re

import pytest


@pytest.mark.parametrize(
    "words",
    [
        "activation tanh(z)",
        "bounds sigmoid",
        "critical tanh --sigma-b 0.1",
        "derive insurance --wrt w1",
        "diagnose xor --steps 30",
        "jacobian xor",
        "lesson 3 --step 2",
        "mean-field tanh --sigma-w 1.5 --sigma-b 0.3",
        "number-formats xor",
        "plan xor",
        "predict xor",
        "saturation xor",
        "spectrum four-steps-rnn",
        "train xor --steps 5",
        "verify mazur",
    ],
)
def test_every_key_of_the_object_is_told_in_the_help(vgdesk, words):
    told = vgdesk(words.split()[0], "--help").out.partition("JSON object")[2]
    keys = json.loads(vgdesk(*words.split(), "--json").out)
    assert [key for key in keys if not re.search(rf"\b{key}\b", told)] == []
