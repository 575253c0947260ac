"""A formula whose moments end at some variance: what is known below it is told, and beyond it why none is reached."""

import json

import pytest

SIGMAS = ("--sigma-w", "0.3", "--sigma-b", "0.1")


def test_a_start_beyond_the_moments_reaches_null_with_a_reason(vgdesk):
    done = vgdesk("mean-field", "formula: exp(z*z)", *SIGMAS, "--json")
    found = json.loads(done.out)
    assert done.status == 0
    assert found["reached"] is None
    assert "moments are known for q from 0 to 0.21" in found["reason"]
    # E[exp(2 z^2)] = (1 - 4 q)^(-1/2), so q = 0.09 / sqrt(1 - 4 q) + 0.01, solved by 0.16
    assert [point["stable"] for point in found["fixed_points"]] == [True, False]
    assert found["fixed_points"][0]["q"] == pytest.approx(0.16, rel=1e-9)


def test_the_text_tells_the_fixed_points_and_the_reason(vgdesk):
    told = vgdesk("mean-field", "formula: exp(z*z)", *SIGMAS)
    assert told.status == 0
    assert "q* = 0.16 (stable)" in told.out
    assert "it ends at" not in told.out
    assert told.out.splitlines()[-1].startswith("moments are known for q from 0 to 0.21")


def test_without_any_fixed_point_the_list_is_empty(vgdesk):
    found = json.loads(vgdesk("mean-field", "formula: exp(z**4)", *SIGMAS, "--json").out)
    assert (found["fixed_points"], found["reached"]) == ([], None)
    assert "exp(z**4) diverges, or exceeds" in found["reason"]


def test_a_start_below_the_end_is_followed(vgdesk):
    found = json.loads(vgdesk("mean-field", "formula: exp(z*z)", *SIGMAS, "--q0", "0.1", "--json").out)
    assert found["reached"] == found["fixed_points"][0]
    assert found["reason"] is None


def test_a_part_of_a_mixture_ends_its_moments(vgdesk):
    found = json.loads(vgdesk("mean-field", "mix: relu & formula: exp(z*z)", *SIGMAS, "--json").out)
    assert found["reached"] is None
    assert "exp(z*z)" in found["reason"]


@pytest.mark.parametrize("activation", ["tanh", "formula: exp(z*z)"])
def test_a_negative_start_is_refused(vgdesk, activation):
    done = vgdesk("mean-field", activation, *SIGMAS, "--q0", "-1")
    assert done.status == 2
    assert "q0 must be a finite number from 0" in done.err
