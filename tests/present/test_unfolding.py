"""What is unfolded of a sheet: a factor below its equation, a layer with its backward rule, every term of a product."""

import pytest

from tests.builders import chain as chain_experiment
from tests.builders import reader
from tests.derivations import insurance_derivation
from vgdesk.errors import SpecError
from vgdesk.present.derivation_views import ledger_sheet, matrix_sheet, path_sheet, view_sheet, view_sheet_beside
from vgdesk.present.sheet import equation_sheet, equation_sheet_beside, sheet_text
from vgdesk.present.unfolding import (
    Unfolding,
    asked_for,
    factor_lines,
    sheet_asked_for,
    unfolded,
    with_factor,
    with_layer,
    without_factor,
)
from vgdesk.spec.edit import with_parameter
from vgdesk.spec.library import example
from vgdesk.spec.sequences import AddingProblem
from vgdesk.study.derivation_views import ledger, matrices, paths
from vgdesk.study.derive import derive
from vgdesk.study.what_if import derive_changed

SHEET = equation_sheet(insurance_derivation())


def chain(depth: int):
    """Returns the sheet of a chain of sigmoids."""
    return equation_sheet(derive(chain_experiment([0.5] * depth, [0.0] * depth, 1.0, 0.0, "sigmoid"), "w1"))


def levels(sheet, number: int) -> list[int]:
    return [line.level for line in sheet.steps[number - 1].lines]


def test_unfolding_a_factor_puts_its_line_below_the_equation():
    shown = unfolded(SHEET, with_factor(SHEET, Unfolding(), "d1", 2))
    assert [levels(shown, number) for number in (1, 2, 3)] == [[0], [0, 1], [0]]
    assert shown.steps[1].lines[1].text.startswith("d₁ = w₉ · δ_y = 0.03")


def test_folding_gives_back_the_sheet():
    unfolding = with_factor(SHEET, Unfolding(), "d2")
    assert unfolded(SHEET, without_factor(unfolding, "d2")) is SHEET


def test_a_factor_without_a_step_is_unfolded_where_it_stands_first():
    assert with_factor(SHEET, Unfolding(), "d2").factors == {"d2": 1}


def test_an_unknown_factor_is_refused_with_those_there_are():
    with pytest.raises(SpecError, match="unknown factor 'd9'; this derivation has d1, d2"):
        with_factor(SHEET, Unfolding(), "d9")
    with pytest.raises(SpecError) as refused:
        with_factor(SHEET, Unfolding(), "d" * 5000)
    assert len(str(refused.value)) < 500


def test_steps_are_numbered_as_they_stand_also_where_some_are_folded_between_them():
    sheet = equation_sheet(derive(example("insurance"), "w1"))
    rule = next(step for step in sheet.steps if step.layer == 2)
    shown = unfolded(sheet, with_layer(sheet, Unfolding(), 2))
    assert [step.number for step in shown.steps] == list(range(1, len(sheet.steps) + 1))
    assert [step.detail for step in shown.steps] == sorted(step.detail for step in shown.steps)
    assert {step.title for step in shown.steps} == {step.title for step in sheet.steps}
    told = sheet_asked_for(sheet, ["layer2"]).steps
    assert told[-1].title == rule.title
    assert told[-1].number == len(told) < rule.number


def test_unfolding_a_layer_shows_its_factors_and_its_backward_rule():
    sheet = equation_sheet(derive(example("insurance"), "w1"))
    shown = unfolded(sheet, with_layer(sheet, Unfolding(), 2))
    rules = [step.title for step in shown.steps if step.layer and not step.detail]
    assert rules == ["Backward rule, layer 2"]
    assert levels(shown, 1) == [0, 1]


def test_a_layer_of_nothing_is_refused_with_those_there_are():
    with pytest.raises(SpecError, match="layer 7; this derivation tells of 1, 2"):
        with_layer(SHEET, Unfolding(), 7)


def test_time_steps_of_a_recurrent_network_unfold_like_layers():
    sheet = equation_sheet(derive(reader(AddingProblem(length=3, count=4), width=2), "u1"))
    layers = {step.layer for step in sheet.steps} - {0}
    assert layers
    shown = unfolded(sheet, with_layer(sheet, Unfolding(), max(layers)))
    assert any(step.layer and not step.detail for step in shown.steps)


def test_a_product_of_fifty_is_folded_to_four_and_a_sign_and_unfolds_to_every_term():
    sheet = chain(50)
    folded, whole = sheet.steps[1], unfolded(sheet, Unfolding(products=True)).steps[1]
    assert [factor for _, factor in folded.lines[0].inks] == ["d1", "d2", "more", "d50", "d51"]
    inks = [factor for line in whole.lines for _, factor in line.inks]
    assert inks == [f"d{number}" for number in range(1, 52)]


def test_chain_rule_of_fifty_unfolds_to_every_local_derivative():
    sheet = chain(50)
    whole = unfolded(sheet, Unfolding(products=True)).steps[0]
    assert sum(len(line.inks) for line in whole.lines) == 51
    assert "∂h₂₆/∂h₂₅" in "".join(line.text for line in whole.lines)


def test_short_products_have_nothing_folded():
    assert not any(step.unfolded for step in chain(4).steps)


def test_a_factor_behind_dots_is_unfolded_in_the_numbers_where_it_stands():
    sheet = chain(50)
    assert with_factor(sheet, Unfolding(), "d25").factors == {"d25": 3}
    lines = unfolded(sheet, with_factor(sheet, Unfolding(), "d25")).steps[2].lines
    place = next(index for index, line in enumerate(lines) if line.level == 1)
    assert "d25" in [factor for _, factor in lines[place - 1].inks]


@pytest.mark.parametrize(
    ("wishes", "there", "absent"),
    [
        (["nothing"], "1. Chain rule", "Where d1 comes from"),
        (["d1"], "      d₁ = ∂L/∂Awareness", "      d₂ ="),
        (["d1", "layer 2"], "Backward rule, layer 2", "Forward pass"),
        (["everything"], "Forward pass", "      d₁ ="),
    ],
)
def test_a_list_of_wishes_decides_what_is_told(wishes: list[str], there: str, absent: str):
    text = sheet_text(sheet_asked_for(equation_sheet(derive(example("insurance"), "w1")), wishes))
    assert there in text
    assert absent not in text


def test_dots_say_what_they_fold_and_belong_to_no_place():
    sheet = chain(50)
    assert sheet.factor_text["more"].startswith("All 51 factors")
    assert "more" not in sheet.factor_place


def test_beside_a_former_sheet_only_what_is_unfolded_is_spelt_again():
    insurance = example("insurance")
    former, latest = equation_sheet(derive(insurance, "w1")), derive_changed(insurance, "w1", {"age": 0.9})[0]
    beside = equation_sheet_beside(latest, former, with_factor(former, Unfolding(), "d2"))
    now, before, shown = (factor_lines(sheet) for sheet in (equation_sheet(latest), former, beside))
    assert shown["d2"] == now["d2"] != before["d2"]
    forward = [next(step for step in sheet.steps if step.kind == "forward") for sheet in (former, beside)]
    assert forward[0] == forward[1]


def test_an_unfolded_layer_follows_the_numbers():
    insurance = example("insurance")
    former, latest = equation_sheet(derive(insurance, "w1")), derive_changed(insurance, "w1", {"w9": 0.9})[0]
    beside = equation_sheet_beside(latest, former, with_layer(former, Unfolding(), 2))
    rules = [next(step for step in sheet.steps if step.layer == 2) for sheet in (equation_sheet(latest), beside)]
    assert rules[0] == rules[1]


@pytest.mark.parametrize(
    ("sheet", "wish", "line"),
    [
        (path_sheet(paths(example("mazur"), "w1")), "s1", "s₁ = ∂L/∂o1 = o1 − t₁ = 0.751 − 0.01 = 0.741"),
        (ledger_sheet(ledger(example("mazur"), "w1")), "s2", "s₂ = ∂o1/∂zₒ₁ = σ′(zₒ₁) = σ′(1.11) = 0.187"),
        (matrix_sheet(matrices(example("mazur"), "w1")), "W2", "W⁽²⁾ = [w₅, w₆; w₇, w₈] = [0.4, 0.45; 0.5, 0.55]"),
        (matrix_sheet(matrices(example("mazur"), "w1")), "h0", "h⁽⁰⁾ = [i1; i2] = [0.05; 0.1]"),
    ],
)
def test_a_single_factor_of_every_view_is_unfolded_and_nothing_else(sheet, wish: str, line: str):
    told = sheet_asked_for(sheet, [wish])
    assert [one.text for step in told.steps for one in step.lines if one.level] == [line]
    assert not any(step.detail for step in told.steps)


def test_every_factor_of_every_view_can_be_unfolded():
    experiment = example("mazur")
    for sheet in (path_sheet(paths(experiment, "w1")), ledger_sheet(ledger(experiment, "w1"))):
        assert {factor for step in sheet.steps for line in step.lines for _, factor in line.inks} == set(
            factor_lines(sheet)
        )


def test_a_delta_unfolds_to_the_rule_of_each_unit():
    sheet = matrix_sheet(matrices(example("mazur"), "w1"))
    told = sheet_asked_for(sheet, ["delta1"])
    lines = [line.text.partition(" = ")[0] for step in told.steps for line in step.lines if line.level]
    assert lines == ["δ⁽¹⁾", "δₕ₁", "δₕ₂"]


def test_a_layer_of_the_matrices_unfolds_its_arrays():
    sheet = matrix_sheet(matrices(example("mazur"), "w1"))
    assert set(with_layer(sheet, Unfolding(), 2).factors) == {"delta2", "dLdh2", "slope2", "W2"}


def test_arrays_of_a_network_over_time_are_unfolded_too():
    view = matrices(reader(AddingProblem(length=3, count=4), width=2), "u1")
    assert {"delta3", "Whh", "Wout", "slope1"} <= set(factor_lines(matrix_sheet(view)))


def test_an_array_that_is_not_there_is_refused_with_those_there_are():
    with pytest.raises(SpecError, match="unknown factor 'W7'; this derivation has delta2, delta1, dLdh2, slope2, W2"):
        sheet_asked_for(matrix_sheet(matrices(example("mazur"), "w1")), ["W7"])


@pytest.mark.parametrize(("view", "wish"), [(paths, "s2"), (matrices, "delta1"), (ledger, "s2")])
def test_beside_a_former_view_what_is_seen_is_of_now_and_what_is_folded_of_then(view, wish: str):
    former, latest = view_sheet(view(example("mazur"), "w1")), view(edited_mazur(), "w1")
    now = view_sheet(latest)
    beside = view_sheet_beside(latest, former, asked_for(former, [wish]))
    assert [step for step in beside.steps if not step.detail] == [step for step in now.steps if not step.detail]
    shown, before = factor_lines(beside), factor_lines(former)
    assert shown[wish] == factor_lines(now)[wish] != before[wish]
    assert all(shown[name] == before[name] for name in before if name != wish)


def test_beside_another_view_everything_is_spelt():
    ledger_of, former = ledger(example("mazur"), "w1"), view_sheet(paths(example("mazur"), "w1"))
    assert view_sheet_beside(ledger_of, former, Unfolding()) == view_sheet(ledger_of)


def edited_mazur():
    """Returns the network with another weight w5, which all of these factors depend on."""
    return with_parameter(example("mazur"), "w5", 0.61)
