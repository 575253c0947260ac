"""Typst and MathML of whole sheets: both are read back by the programs they are meant for."""

import xml.etree.ElementTree as ET

import pytest
import typst
from hypothesis import given, settings

from tests.formulas import EXAMPLES, formulas
from vgdesk.present.derivation_views import ledger_sheet, matrix_sheet, path_sheet
from vgdesk.present.formula import to_mathml
from vgdesk.present.sheet import sheet_latex, sheet_text
from vgdesk.present.sheet_markup import sheet_mathml, sheet_typst
from vgdesk.records.formula import Formula
from vgdesk.spec.library import example
from vgdesk.study.derivation_views import ledger, matrices, paths

MATHML = "{http://www.w3.org/1998/Math/MathML}"
SHEETS = {
    "paths": path_sheet(paths(example("mazur"), "w1")),
    "matrix": matrix_sheet(matrices(example("insurance"), "w1")),
    "ledger": ledger_sheet(ledger(example("classic-chain"), "w1")),
}
CHILDREN = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "msubsup": 3, "munderover": 3}


@given(formulas())
@settings(max_examples=200)
def test_mathml_is_well_formed_and_every_element_has_its_children(formula: Formula):
    for element in ET.fromstring(to_mathml(formula)).iter():
        tag = element.tag.removeprefix(MATHML)
        assert len(element) == CHILDREN.get(tag, len(element))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_element_of_mathml_is_in_its_namespace(name: str):
    assert all(element.tag.startswith(MATHML) for element in ET.fromstring(to_mathml(EXAMPLES[name])).iter())


def test_names_from_users_are_text_and_never_markup():
    root = ET.fromstring(to_mathml(EXAMPLES["nasty names"]))
    assert 'a"b\\c#d$e%f_g&h{i}' in "".join(root.itertext())


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_in_mathml_has_one_equation_per_line(name: str):
    root = ET.fromstring(sheet_mathml(SHEETS[name]))
    lines = sum(len(step.lines) for step in SHEETS[name].steps)
    assert len(root.findall(f"{MATHML}math")) == lines > 0


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_in_typst_compiles_as_it_is(name: str):
    assert typst.Compiler().compile(input=sheet_typst(SHEETS[name]).encode(), format="pdf")


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_in_latex_closes_what_it_opens(name: str):
    latex = sheet_latex(SHEETS[name])
    assert latex.count(r"\begin{") == latex.count(r"\end{")


@pytest.mark.parametrize(
    ("name", "words"), [("paths", "path by path"), ("matrix", "in matrices"), ("ledger", "ledger")]
)
def test_the_heading_says_how_the_gradient_is_told(name: str, words: str):
    assert words in sheet_text(SHEETS[name]).splitlines()[0]


def test_the_ledger_is_a_table_whose_columns_stand_below_each_other():
    rows = [
        line for line in sheet_text(SHEETS["ledger"], details=False).splitlines() if "∂" in line and "s" in line[:4]
    ]
    assert len({row.index("∂") for row in rows}) == 1
    assert len(rows) == 11
