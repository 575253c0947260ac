"""The words in which axes are typed, and the trainability map as a sweep."""

import pytest

from vgdesk.errors import SpecError
from vgdesk.spec.library import example
from vgdesk.spec.sweep_words import read_axis, read_range, read_values, read_whole_range
from vgdesk.spec.trainability import trainability_sweep, trainability_title


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("depth=2,5,10", (2, 5, 10)),
        ("seed=0:3", (0, 1, 2)),
        ("sigma_w=1:2:3", (1.0, 1.5, 2.0)),
        ("activation=tanh,formula: z", ("tanh", "formula: z")),
        ("training.shuffle=true,false", (True, False)),
    ],
)
def test_an_axis_is_read_from_its_words(words, values):
    assert read_axis(words).values == values


def test_a_formula_with_a_colon_is_one_value():
    assert read_values("activation", "formula: z/(1+abs(z))") == ("formula: z/(1+abs(z))",)


@pytest.mark.parametrize("text", ["1", "1:2:3", "a:b", "1.5:2"])
def test_what_is_no_whole_range_is_refused(text):
    with pytest.raises(SpecError, match=r"must be a (range|whole number)"):
        read_whole_range("depths", text)


@pytest.mark.parametrize("last", [10_001, 1_000_000_000])
def test_a_range_of_too_many_values_is_told_by_their_number(last):
    with pytest.raises(SpecError, match=f"seed must take 1 to 10000 values, got {last}"):
        read_axis(f"seed=0:{last}")


def test_a_trainability_map_holds_both_ends_and_says_what_it_is_of():
    sweep = trainability_sweep(example("digits-tanh-20"), (4, 120), read_range("sigma_w", "0.5:4"), 30, 64, 100)
    values = {axis.field: axis.values for axis in sweep.axes}
    assert values["sigma_w"][0] == 0.5
    assert values["sigma_w"][-1] == 4.0
    assert (values["depth"][0], values["depth"][-1]) == (4, 120)
    assert sweep.size == 900
    assert trainability_title(sweep) == "Where it trains: tanh, 64 units wide, after 100 steps"
    once = trainability_sweep(example("digits-tanh-20"), (4, 120), (0.5, 4.0), 2, 64, 1)
    assert trainability_title(once).endswith("after 1 step")
