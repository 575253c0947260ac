"""`vgdesk derive` and `vgdesk verify`."""

import json

import pytest

from tests.builders import chain
from vgdesk.spec.experiment import experiment_to_json


def test_derive_prints_the_classic_statement(vgdesk):
    done = vgdesk("derive", "insurance", "--wrt", "w1")
    assert done.status == 0
    assert "∂L/∂w₁ = ∂L/∂Awareness · ∂Awareness/∂w₁" in done.out
    assert "∂L/∂w₁ = 0.03 × 0.05" in done.out


def test_derive_json_holds_value_and_factors(vgdesk):
    answer = json.loads(vgdesk("derive", "insurance", "--wrt", "w1", "--json").out)
    assert answer["value"] == pytest.approx(0.0015, abs=1e-15)
    assert [factor["value"] for factor in answer["factors"]] == pytest.approx([0.03, 0.05], abs=1e-15)
    assert answer["factors"][1]["symbol"] == "∂Awareness/∂w₁"
    assert answer["factors"][1]["latex"] == r"\frac{\partial \mathrm{Awareness}}{\partial w_{1}}"


def test_derive_latex_is_a_fragment_of_display_mathematics(vgdesk):
    done = vgdesk("derive", "insurance", "--wrt", "w1", "--format", "latex")
    assert r"\frac{\partial L}{\partial w_{1}}" in done.out
    assert done.out.count(r"\begin") == done.out.count(r"\end")


def test_derive_is_the_same_for_the_same_input(vgdesk):
    assert vgdesk("derive", "mazur", "--wrt", "w3").out == vgdesk("derive", "mazur", "--wrt", "w3").out


@pytest.mark.parametrize(
    "name", ["insurance", "insurance-sparse", "classic-chain", "chain-exploding", "mazur", "xor", "circles"]
)
def test_verify_passes_for_the_bundled_small_networks(vgdesk, name):
    done = vgdesk("verify", name, "--json")
    assert done.status == 0
    assert json.loads(done.out)["passed"] is True


def test_verify_tells_relative_errors_and_the_slope_of_the_taylor_remainder(vgdesk):
    answer = json.loads(vgdesk("verify", "insurance", "--json").out)
    assert max(answer["largest_error_backpropagated"], answer["largest_error_central"]) < 1e-10
    assert [answer["taylor_symbolic"], answer["taylor_backpropagated"]] == pytest.approx([2.0, 2.0], abs=0.01)
    assert all(row["agrees"] for row in answer["rows"])
    assert "remainder falls with slope 2.00 (symbolic) and 2.00 (back-propagated)" in vgdesk("verify", "insurance").out


def test_verify_tells_the_slopes_beside_a_kink_and_no_error_without_a_meaning(vgdesk, tmp_path):
    kinked = experiment_to_json(chain([1.0, 0.5], [0.0, 0.25], 0.0, 0.5, "relu"))
    (tmp_path / "kink.json").write_text(kinked)
    done = vgdesk("verify", "kink.json", "--json")
    rows = {row["name"]: row for row in json.loads(done.out)["rows"]}
    assert done.status == 0
    assert rows["b1"]["relative_error_central"] is None
    assert [rows["b1"]["slope_below"], rows["b1"]["slope_above"]] == pytest.approx([0, -0.125], abs=1e-12)
    assert rows["b2"]["slope_below"] is None
    said = vgdesk("verify", "kink.json").out
    assert "relative error 0.0e+00, at a kink: slope 0 below, -0.125 above" in said
    assert "e+2" not in said


def test_verify_names_the_examples_whose_mean_the_derivations_of_single_examples_give(vgdesk):
    answer = json.loads(vgdesk("verify", "xor", "--json").out)
    assert answer["examples"] == 4
    single = [json.loads(vgdesk("derive", "xor", "--wrt", "w1", "--example", n, "--json").out) for n in range(1, 5)]
    assert answer["rows"][0]["name"] == "w1"
    assert answer["rows"][0]["symbolic"] == pytest.approx(sum(one["value"] for one in single) / 4, rel=1e-12)
    assert "All 9 gradients of the mean loss of examples 1 to 4 agree" in vgdesk("verify", "xor").out


@pytest.mark.parametrize(
    ("ending", "beginning"), [(".tex", "\\"), (".py", "import"), (".json", "{"), (".txt", "Chain rule")]
)
def test_the_ending_of_a_file_chooses_the_format(vgdesk, tmp_path, ending, beginning):
    path = tmp_path / f"w1{ending}"
    assert vgdesk("derive", "insurance", "--wrt", "w1", "--out", path).status == 0
    text = path.read_text()
    assert beginning in text[:400]
    assert "0.0015" in text or ending == ".py"


def test_spoken_derivation_has_words_for_every_sign(vgdesk):
    said = vgdesk("derive", "insurance", "--wrt", "w1", "--format", "spoken").out
    assert "the partial of L by w 1 equals d 1 times d 2." in said
    assert "∂" not in said


def test_unfold_shows_only_what_was_asked_for(vgdesk):
    told = vgdesk("derive", "insurance", "--wrt", "w1", "--unfold", "d1", "--format", "spoken")
    assert "d 1 equals the partial of L by" in told.out
    assert "Forward pass" not in told.out


@pytest.mark.parametrize("view", ["steps", "paths", "matrix", "ledger"])
@pytest.mark.parametrize("wish", ["layer1", "layer2", "everything"])
def test_every_layer_that_can_be_unfolded_adds_its_lines(vgdesk, view, wish):
    command = ("derive", "insurance", "--wrt", "w1", "--view", view, "--unfold")
    folded, told = (vgdesk(*command, what).out.splitlines() for what in ("nothing", wish))
    assert len(told) > len(folded)
    assert all(line in told for line in folded)


def test_a_layer_without_anything_to_unfold_is_refused_with_those_that_have_some(vgdesk):
    refused = vgdesk("derive", "insurance", "--wrt", "w9", "--unfold", "layer1")
    assert refused.status == 2
    assert "nothing here belongs to layer 1; this derivation tells of 2" in refused.err


def test_unfold_refuses_what_the_derivation_does_not_have(vgdesk):
    refused = vgdesk("derive", "insurance", "--wrt", "w1", "--unfold", "layer9")
    assert refused.status == 2
    assert "nothing here belongs to layer 9; this derivation tells of 1, 2" in refused.err


def test_export_writes_spoken_words_and_what_was_unfolded(vgdesk, tmp_path):
    out = tmp_path / "words.txt"
    vgdesk(
        "export", "derivation", "insurance", "--wrt", "w1", "--format", "spoken", "--unfold", "nothing", "--out", out
    )
    assert out.read_text().endswith("the partial of L by w 1 equals 0.0015.\n")
