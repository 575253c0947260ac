"""Whatever network is drawn, every view of its derivation is well-formed MathML, and can be said in words."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.test_symbolic_networks import CELLS, layered, numbers_of, sequential
from vgdesk.present.derivation_tree import sheet_spoken
from vgdesk.present.derivation_views import ledger_sheet, matrix_sheet, path_sheet
from vgdesk.present.sheet import equation_sheet
from vgdesk.present.sheet_markup import sheet_mathml
from vgdesk.study.derivation_views import gradient_views
from vgdesk.study.derive import derive

MATH = "{http://www.w3.org/1998/Math/MathML}math"
SIGNS = set("∂·×⊙′∏√≤≥‖⋯")


def sheets(experiment, wrt, parameters):
    """Returns the sheets of all views."""
    views = gradient_views(experiment, wrt, 1, parameters)
    yield equation_sheet(derive(experiment, wrt, 1, parameters))
    yield path_sheet(views.paths(3))
    yield matrix_sheet(views.matrices())
    yield ledger_sheet(views.ledger())


def require_markup(experiment, seed):
    parameters = numbers_of(experiment, seed)[0]
    for sheet in sheets(experiment, "w1", parameters):
        article = ET.fromstring(sheet_mathml(sheet))
        assert len(list(article.iter(MATH))) == sum(len(step.lines) for step in sheet.steps)
        assert not SIGNS & set(sheet_spoken(sheet))


@given(layered(), st.integers(0, 1000))
@settings(max_examples=4, deadline=None)
def test_layers_with_options(experiment, seed):
    require_markup(experiment, seed)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_unrolled_cells(cell):
    @given(sequential(cell), st.integers(0, 1000))
    @settings(max_examples=1, deadline=None)
    def is_markup(experiment, seed):
        require_markup(experiment, seed)

    is_markup()
