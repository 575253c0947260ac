"""The LaTeX of every small example's views is accepted by KaTeX, where that is installed, and is plain ASCII math."""

import json
import os
import shutil
import subprocess
from functools import cache

import pytest

from tests.symbolic.test_matrix_of_blocks import EXPERIMENTS
from vgdesk.present.derivation_views import view_sheet
from vgdesk.present.sheet import equation_sheet
from vgdesk.records.derivation_views import VIEWS
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import view
from vgdesk.study.derive import derive

NETWORKS = {name: example(name) for name in ("insurance", "insurance-sparse", "classic-chain", "mazur", "xor")}
KATEX = """
const katex = require('katex');
let refused = [];
for (const line of JSON.parse(require('fs').readFileSync(0))) {
  try { katex.renderToString(line, {displayMode: true, strict: 'error', throwOnError: true}); }
  catch (error) { refused.push(line + ': ' + error.message); }
}
process.stdout.write(JSON.stringify(refused));
"""


@cache
def latex_lines() -> tuple[str, ...]:
    """Returns every equation of every view of the networks."""
    experiments = NETWORKS | EXPERIMENTS
    sheets = [
        equation_sheet(derive(experiment, "w1")) if name == "steps" else view_sheet(view(experiment, "w1", name))
        for experiment in experiments.values()
        for name in VIEWS
    ]
    return tuple(line.latex for sheet in sheets for step in sheet.steps for line in step.lines)


def katex_program() -> list[str] | None:
    """Returns the command that checks lines with KaTeX, or None where node or KaTeX is missing."""
    node = shutil.which("node")
    if node is None:
        return None
    is_there = subprocess.run([node, "-e", "require('katex')"], capture_output=True, check=False).returncode == 0
    return [node, "-e", KATEX] if is_there else None


def test_katex_accepts_every_line():
    command = katex_program()
    if command is None:
        pytest.skip("KaTeX is not found: npm install katex somewhere and set NODE_PATH to its node_modules")
    told = subprocess.run(
        command, input=json.dumps(latex_lines()), capture_output=True, check=True, text=True, env=os.environ
    )
    assert json.loads(told.stdout) == []


def test_no_line_has_a_character_that_latex_does_not_know():
    assert [line for line in latex_lines() if not line.isascii()] == []
