"""`vgdesk derive --view`, its formats, and `vgdesk bounds`."""

import json
import xml.etree.ElementTree as ET

import pytest

from vgdesk.records.derivation_views import VIEWS


@pytest.mark.parametrize(
    ("view", "words"),
    [("steps", "Chain rule"), ("paths", "Path 2"), ("matrix", "δ⁽¹⁾ = (W⁽²⁾)ᵀ δ⁽²⁾"), ("ledger", "running product")],
)
def test_each_view_is_printed_as_text(vgdesk, view, words):
    done = vgdesk("derive", "mazur", "--wrt", "w1", "--view", view)
    assert (done.status, words in done.out) == (0, True)


@pytest.mark.parametrize("view", ["steps", "paths", "matrix", "ledger"])
def test_each_view_has_the_same_value_as_json(vgdesk, view):
    answer = json.loads(vgdesk("derive", "mazur", "--wrt", "w1", "--view", view, "--json").out)
    assert answer["value"] == pytest.approx(0.000438567734, rel=1e-9)


@pytest.mark.parametrize("view", ["steps", "paths", "matrix", "ledger"])
def test_each_view_is_well_formed_mathml(vgdesk, view):
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--view", view, "--format", "mathml")
    assert ET.fromstring(done.out).tag.endswith("article")


def test_the_number_of_listed_paths_is_chosen(vgdesk):
    answer = json.loads(vgdesk("derive", "circles", "--wrt", "w1", "--view", "paths", "--paths", "3", "--json").out)
    assert (len(answer["paths"]), answer["count"]) == (3, 8)
    total = sum(path["value"] for path in answer["paths"]) + answer["rest"]
    assert total == pytest.approx(answer["value"], rel=1e-12)


@pytest.mark.parametrize("suffix", ["svg", "pdf", "png", "tex", "typ", "mml", "txt"])
def test_a_view_is_exported_to_every_kind_of_file(vgdesk, tmp_path, suffix):
    out = tmp_path / f"w1.{suffix}"
    assert vgdesk("export", "derivation", "mazur", "--wrt", "w1", "--view", "ledger", "--out", str(out)).status == 0
    assert out.stat().st_size > 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["derive", "mazur", "--wrt", "w1", "--view", "tree"], "view must be one of steps, paths, matrix, ledger"),
        (["derive", "mazur", "--wrt", "w1", "--view", "paths", "--paths", "0"], "must be from 1 to 200, got 0"),
        (["bounds", "sine"], "activation must be one of sigmoid"),
        (["bounds", "tanh", "--weight", "inf"], "weight must be"),
        (["bounds", "tanh", "--depth", "0"], "depth must be an integer from 1"),
    ],
)
def test_a_wrong_request_ends_with_one_sentence(vgdesk, arguments, sentence):
    done = vgdesk(*arguments)
    assert (done.status, sentence in done.err) == (2, True)


def test_bounds_say_at_which_depth_a_format_loses_the_gradient(vgdesk):
    done = vgdesk("bounds", "sigmoid", "--weight", "1", "--depth", "50")
    assert "7.89×10⁻³¹" in done.out
    assert "from 64 layers on the bound is below float32's smallest normal number, 2⁻¹²⁶" in done.out


def test_bounds_name_the_largest_number_that_a_format_holds(vgdesk):
    told = vgdesk("bounds", "relu", "--weight", "2").out
    assert "from 16 layers on the bound overflows float16 (largest 65504)" in told
    assert "from 128 layers on the bound overflows float32 (largest 3.4×10³⁸)" in told
    assert "from 1,024 layers on the bound overflows float64 (largest 1.8×10³⁰⁸)" in told


def test_bounds_as_json_hold_every_limit(vgdesk):
    answer = json.loads(vgdesk("bounds", "sigmoid", "--weight", "4", "--json").out)
    assert (answer["limit"], answer["neutral_weight"], answer["rate"]) == ("1", 4.0, 1.0)
    assert [entry["depth"] for entry in answer["depths"]] == [None] * 9


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("suffix", [".txt", ".tex", ".mml", ".typ"])
def test_every_view_and_its_files_say_of_which_example_they_are(vgdesk, tmp_path, view, suffix):
    vgdesk("derive", "xor", "--wrt", "w5", "--example", "3", "--view", view, "--out", f"told{suffix}")
    assert "Result, example 3 of 4" in (tmp_path / f"told{suffix}").read_text(encoding="utf-8")
    plain = json.loads(vgdesk("derive", "xor", "--wrt", "w5", "--example", "3", "--view", view, "--json").out)
    assert (plain["example"], plain["examples"]) == (3, 4)


@pytest.mark.parametrize("view", VIEWS)
def test_of_a_single_example_no_view_says_which_it_is(vgdesk, view):
    assert "example" not in vgdesk("derive", "insurance", "--wrt", "w9", "--view", view).out
