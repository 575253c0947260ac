"""Whatever is typed, the answer is a formula or one sentence, soon; and nothing is ever executed."""

import ast
import builtins
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import vgdesk.spec.formula
from tests.formula_trees import TREES
from vgdesk.errors import FormulaError
from vgdesk.spec.formula.examining import own_activation
from vgdesk.spec.formula.reading import read_formula
from vgdesk.spec.formula.writing import write

PIECES = (
    "z", "1", "0.5", "9", "**", "*", "/", "+", "-", "(", ")", ",", "<", ">=", "=", ":=", ".", ";", "a=1", "a", "_",
    "exp(", "where(", "max(", "piecewise(", "lambda ", "if ", " else ", "not ", "and ", "for ", "in ", "await ", "__",
    "__class__", "'", '"', "f'{", "[", "]", "{", "}", "@", "%", "//", "^", "~", "\\", "\n", "\t", "\x00", "²", "π",
    "ｚ", "е", "1e9", "1j", "0x", "True", "None", "...", "eval(", "open(", "import ", "\u202e", "\ud800",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
@settings(max_examples=1500, deadline=None)
@example("z" + "**z" * 30)
@example("exp(" * 59 + "z" + ")" * 59)
@example("(z" * 300)
def test_any_text_is_a_formula_or_one_sentence(text):
    sentence = ""
    try:
        own_activation(text)
    except FormulaError as error:
        sentence = str(error)
    assert len(sentence) < 400
    assert "\n" not in sentence


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_any_tree_of_operations_is_examined_or_refused_in_one_sentence(tree):
    try:
        own = own_activation(write(tree))
    except FormulaError:
        return
    assert list(own.kinks) == sorted(own.kinks)


@pytest.mark.parametrize(
    "text", ["__import__('os').system('touch hacked')", "open(z)", "().__class__.__mro__[1]", "exec(z)"]
)
def test_nothing_runs_while_a_formula_is_read(text, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    ran = []
    for name in ("eval", "exec", "open"):
        monkeypatch.setattr(builtins, name, lambda *_, name=name: ran.append(name))
    with pytest.raises(FormulaError):
        read_formula(text)
    monkeypatch.undo()
    assert ran == []
    assert list(tmp_path.iterdir()) == []


def test_no_file_that_handles_formulas_can_execute_text():
    folders = [Path(vgdesk.spec.formula.__file__).parent, Path(vgdesk.__file__).parent / "kernels" / "formula"]
    files = [path for folder in folders for path in folder.glob("*.py")]
    files.append(Path(vgdesk.__file__).parent / "symbolic" / "own_activation.py")
    forbidden = {"eval", "exec", "compile", "sympify", "parse_expr", "literal_eval", "loads", "__import__", "getattr"}
    called = {
        (path.name, name)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for name in [ast.unparse(node.func)]
        if name.rpartition(".")[2] in forbidden and name != "re.compile"
    }
    assert called == set()
