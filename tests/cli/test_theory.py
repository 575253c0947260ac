"""predict, mean-field, critical and phase on the command line."""

import csv
import json
import math
import re

import msgspec
import pytest

from vgdesk.cli.commands import run
from vgdesk.present.formula.numbers import number_text
from vgdesk.spec.files import experiment_text
from vgdesk.spec.initialisation import Glorot
from vgdesk.spec.library import example
from vgdesk.theory.depth_search import deepened


def spoken(capsys, *words):
    """Returns exit status, output and complaint of a command line."""
    status = run(words)
    out, err = capsys.readouterr()
    return status, out, err


def test_prediction_as_json_has_every_quantity_with_its_scatter(capsys):
    status, out, _ = spoken(capsys, "predict", "digits-sigmoid-20", "--json")
    found = json.loads(out)
    assert status == 0
    assert [profile["quantity"] for profile in found["profiles"]] == ["weight", "delta", "state"]
    assert all(len(profile["log10_deviation"]) == 20 for profile in found["profiles"])
    assert found["profiles"][0]["log10_norm"][0] == pytest.approx(-12.2, abs=0.5)


def test_variances_beyond_float64_are_told_by_their_logarithm(capsys, tmp_path):
    experiment = msgspec.structs.replace(deepened(example("digits-relu-20"), 300), initialisation=Glorot(gain=1e3))
    (tmp_path / "far.json").write_text(experiment_text(experiment, tmp_path), encoding="utf-8")
    status, out, _ = spoken(capsys, "predict", str(tmp_path / "far.json"), "--json")
    found = json.loads(out)
    assert status == 0
    assert found["variances"][-1] == "inf"
    # sigma_w^2 / 2 per layer
    assert found["log10_variances"][200] - found["log10_variances"][100] == pytest.approx(100 * math.log10(5e5))
    assert "what float64 holds" in found["note"]


def test_prediction_as_json_and_as_table_has_the_published_factors(capsys):
    _, out, _ = spoken(capsys, "predict", "digits-resnet-50", "--json")
    factors = json.loads(out)["published_factors"]
    assert factors[0] is None
    assert factors[1]["of"] == "|∂L/∂h|²"
    assert factors[1]["value"] == pytest.approx(1.73, abs=0.01)
    _, out, _ = spoken(capsys, "predict", "digits-resnet-50")
    assert "published factor of |∂L/∂h|² in layers 2 to 49: between 1.091 and 1.736 · " in out


def test_prediction_as_table_tells_the_scatter(capsys):
    status, out, _ = spoken(capsys, "predict", "digits-relu-20", "--quantity", "state")
    assert status == 0
    assert "predicted gradient norm |∂L/∂h|" in out
    assert "scatter over seeds" in out


def test_the_scatter_of_a_single_layer_is_told_once(capsys, tmp_path):
    xor = example("xor")
    output = msgspec.structs.replace(xor.feed_forward, layers=xor.feed_forward.layers[-1:])
    alone = msgspec.structs.replace(xor, name="one", network=output)
    (tmp_path / "one.json").write_text(experiment_text(alone, tmp_path), encoding="utf-8")
    _, out, _ = spoken(capsys, "predict", str(tmp_path / "one.json"))
    assert out.splitlines()[-1].startswith("scatter over seeds: 0.26 decades in layer 1")
    assert out.count("in layer 1") == 1


@pytest.mark.parametrize(
    ("activation", "told"), [("formula: 1", "scatter over seeds: 0.42 decades in layer 2"), ("formula: 0*z", "")]
)
def test_a_gradient_that_is_exactly_0_has_no_scatter(capsys, tmp_path, activation, told):
    xor = example("xor")
    first, last = xor.feed_forward.layers
    hidden = msgspec.structs.replace(first, activation=activation)
    flat = msgspec.structs.replace(
        xor, name="flat", network=msgspec.structs.replace(xor.feed_forward, layers=(hidden, last))
    )
    (tmp_path / "flat.json").write_text(experiment_text(flat, tmp_path), encoding="utf-8")
    _, out, _ = spoken(capsys, "predict", str(tmp_path / "flat.json"))
    assert [line for line in out.splitlines() if "scatter" in line] == [told] * bool(told)


def test_no_prediction_is_said_in_a_sentence(capsys):
    status, out, _ = spoken(capsys, "predict", "classic-chain")
    assert status == 0
    assert out.startswith("no prediction: ")


def test_mean_field_as_json_has_fixed_points_and_the_reached_one(capsys):
    _, out, _ = spoken(capsys, "mean-field", "silu", "--sigma-w", "1.5", "--sigma-b", "0.3", "--json")
    found = json.loads(out)
    assert [point["stable"] for point in found["fixed_points"]] == [True, False]
    assert {"q", "chi_1", "chi_q", "stable", "xi_q", "xi_c"} <= set(found["reached"])


def test_mean_field_tells_its_depth_scales_and_where_a_correlation_ends(capsys):
    sigmas = ("--sigma-w", "1.5", "--sigma-b", "0.3")
    found = json.loads(spoken(capsys, "mean-field", "tanh", *sigmas, "--json")[1])["reached"]
    told = spoken(capsys, "mean-field", "tanh", *sigmas)[1]
    assert f"ξ_q = {number_text(found['xi_q'], 4)} layers" in told
    assert f"ξ_c = {number_text(found['xi_c'], 4)} layers of the correlation of two inputs" in told
    assert f"ends at c* = {found['c_star']:.6g}" in told


@pytest.mark.parametrize(
    ("words", "scales"),
    [
        (("relu", "--sigma-w", str(math.sqrt(2.0)), "--sigma-b", "0"), "ξ_q = ∞ of the variance, ξ_c = ∞"),
        (("tanh", "--sigma-w", "0.5", "--sigma-b", "0"), "at q* = 0 no two inputs have a correlation"),
        (("silu", "--sigma-w", "1.5", "--sigma-b", "0.3"), "(negative: what deviates grows)"),
    ],
)
def test_depth_scales_that_are_no_plain_number_are_said_in_words(capsys, words, scales):
    assert scales in spoken(capsys, "mean-field", *words)[1]


@pytest.mark.parametrize(
    "words",
    [
        ("mean-field", "relu", "--sigma-w", "2", "--sigma-b", "0.1", "--q0", "3"),
        ("mean-field", "tanh", "--sigma-w", "1.5", "--sigma-b", "0.3"),
        ("critical", "relu", "--sigma-b", "0.3"),
        ("critical", "silu", "--sigma-b", "0.3"),
        ("plan", "digits-resnet-50"),
        ("plan", "digits-bn-relu-20"),
    ],
)
def test_text_spells_deviations_and_factors_in_one_way(capsys, words):
    told = spoken(capsys, *words)[1]
    assert told
    assert not re.search(r"sigma_|chi_|xi_", told)


def test_mean_field_without_end_has_null_and_a_reason(capsys):
    _, out, _ = spoken(capsys, "mean-field", "relu", "--sigma-w", "2", "--sigma-b", "0.1", "--q0", "3", "--json")
    found = json.loads(out)
    assert found["reached"] is None
    assert "without bound" in found["reason"]


def test_critical_as_json_is_flat_or_null_with_a_reason(capsys):
    tanh = json.loads(spoken(capsys, "critical", "tanh", "--sigma-b", "0.3", "--json")[1])
    relu = json.loads(spoken(capsys, "critical", "relu", "--sigma-b", "0.3", "--json")[1])
    assert tanh["sigma_w"] == pytest.approx(1.3955839751549022, rel=1e-8)
    assert relu["sigma_w"] is None
    assert "no σ_w" in relu["reason"]


@pytest.mark.parametrize("suffix", [".csv", ".png", ".svg"])
def test_phase_diagram_is_written(capsys, tmp_path, suffix):
    file = tmp_path / f"phase{suffix}"
    status, _, _ = spoken(capsys, "phase", "tanh", "--points", "12", "--out", str(file))
    assert status == 0
    assert file.stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["mean-field", "tanh", "--sigma-w", "inf", "--sigma-b", "0"], "--sigma-w must be a finite number"),
        (["mean-field", "tahn", "--sigma-w", "1", "--sigma-b", "0"], "activation must be one of"),
        (["critical", "tanh", "--sigma-b", "x"], "--sigma-b must be a number, got 'x'"),
        (["phase", "tanh", "--sigma-w", "3:1", "--out", "p.csv"], "--sigma-w must go from a lower number"),
        (["phase", "tanh", "--sigma-w", "3", "--out", "p.csv"], "--sigma-w must be a range such as 0.5:3"),
        (["predict", "digits-rnn-rows", "--quantity", "weight"], "quantity must be state for a recurrent network"),
        (["predict", "digits-sigmoid-20", "--quantity", "loss"], "quantity must be one of weight, delta, state"),
    ],
)
def test_a_wrong_request_is_one_sentence(capsys, words, sentence):
    status, _, err = spoken(capsys, *words)
    assert status == 2
    assert sentence in err
    assert err.count("\n") == 1


def test_the_exported_profile_carries_the_prediction(capsys, tmp_path):
    file = tmp_path / "profile.csv"
    assert spoken(capsys, "export", "profile", "digits-sigmoid-20", "--theory", "--out", str(file))[0] == 0
    header, first = file.read_text().splitlines()[:2]
    assert header.endswith("log10_predicted,log10_deviation")
    assert float(first.split(",")[4]) == pytest.approx(float(first.split(",")[1]), abs=1.0)


def test_the_phase_diagram_marks_a_network_of_its_activation(tmp_path):
    marked, plain = tmp_path / "marked.svg", tmp_path / "plain.svg"
    assert run(["phase", "tanh", "--points", "20", "--experiment", "digits-tanh-20", "--out", str(marked)]) == 0
    assert run(["phase", "tanh", "--points", "20", "--out", str(plain)]) == 0
    assert marked.read_bytes() != plain.read_bytes()


@pytest.mark.parametrize("spans", [[], ["--sigma-w", "2:3"], ["--sigma-w", "0.1:0.5", "--sigma-b", "1:2"]])
def test_the_phase_diagram_always_holds_the_network_that_it_marks(tmp_path, spans):
    out = tmp_path / "diagram.csv"
    given = ["--points", "8", "--experiment", "digits-sigmoid-20", "--out", str(out)]
    assert run(["phase", "sigmoid", *given, *spans]) == 0
    names, *rows = list(csv.reader(out.read_text().splitlines()))
    for name, place in (("sigma_w", 1.0), ("sigma_b", 0.0)):
        values = [float(row[names.index(name)]) for row in rows]
        assert min(values) <= place <= max(values)


def test_a_phase_diagram_without_ranges_holds_the_critical_line(tmp_path):
    out = tmp_path / "diagram.csv"
    assert run(["phase", "sigmoid", "--points", "8", "--out", str(out)]) == 0
    names, *rows = list(csv.reader(out.read_text().splitlines()))
    assert max(float(row[names.index("sigma_w")]) for row in rows) > 10.2


def test_a_mixture_is_told_like_an_activation(capsys):
    found = json.loads(spoken(capsys, "critical", "mix: 3 relu & tanh", "--sigma-b", "0.1", "--json")[1])
    assert found["activation"] == "mix: 3 relu & tanh"
    assert found["stable"]
    sigmas = ("--sigma-w", str(found["sigma_w"]), "--sigma-b", "0.1")
    again = json.loads(spoken(capsys, "mean-field", "mix: tanh & 3 relu", *sigmas, "--json")[1])
    assert again["reached"]["chi_1"] == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--experiment", "digits-relu-20"], "'digits-relu-20' has 'relu'"),
        (["--experiment", "digits-rnn-rows"], "'digits-rnn-rows' is recurrent"),
        (["--shown", "q"], "--shown must be one of chi, depth; got 'q'"),
    ],
)
def test_a_phase_diagram_that_cannot_be_is_refused_in_a_sentence(capsys, tmp_path, more, sentence):
    status, _, err = spoken(capsys, "phase", "tanh", "--points", "10", "--out", str(tmp_path / "p.csv"), *more)
    assert status == 2
    assert sentence in err


def test_a_chi_of_exactly_zero_is_minus_infinity_in_the_table(tmp_path):
    out = tmp_path / "zero.csv"
    spans = ("--sigma-w", "0:1", "--sigma-b", "0:1", "--points", "3")
    assert run(["phase", "tanh", *spans, "--out", str(out)]) == 0
    rows = [[float(cell) for cell in line.split(",")] for line in out.read_text().splitlines()[1:]]
    assert {row[3] for row in rows if row[0] == 0.0} == {-math.inf}
    assert all(math.isfinite(row[3]) for row in rows if row[0] > 0.0)


def test_a_plan_without_an_answer_has_no_numbers(capsys):
    found = json.loads(spoken(capsys, "plan", "insurance", "--json")[1])
    assert "given, not drawn" in found["reason"]
    assert [found[name] for name in ("chi", "xi", "width", "sigma_w")] == [None] * 4


@pytest.mark.parametrize("words", [("formula: sign(z)", "--sigma-w", "1.5"), ("tanh", "--sigma-w", "0")])
def test_what_is_nothing_after_one_layer_is_said_to_be_so(capsys, words):
    told = spoken(capsys, "mean-field", *words, "--sigma-b", "0.1")[1]
    assert "χ₁ = 0, χ_q = 0; towards the input |∂L/∂z| becomes 0 at once" in told
    assert "ξ_q = 0 layers (at once) of the variance" in told
    assert "e-fold" not in told


def test_phase_diagram_of_a_jump_has_no_logarithm_of_a_factor_of_0(capsys, tmp_path):
    out = tmp_path / "phase.csv"
    ranges = ("--sigma-w", "0.5:3", "--sigma-b", "0:1", "--points", "4")
    spoken(capsys, "phase", "formula: sign(z)", *ranges, "--out", str(out))
    assert {line.rsplit(",", 1)[1] for line in out.read_text().splitlines()[1:]} == {"-inf"}


def test_helps_say_which_chi_holds_what_stands_around_a_layer(capsys):
    helps = [" ".join(spoken(capsys, name, "--help")[1].split()) for name in ("predict", "plan")]
    own = json.loads(spoken(capsys, "predict", "digits-resnet-50", "--json")[1])["chi"][24]
    whole = json.loads(spoken(capsys, "plan", "digits-resnet-50", "--json")[1])["chi"]
    assert own < 0.2 < 1.0 < whole
    assert "without what normalisation, dropout and skip connections around it do" in helps[0]
    assert "normalisation, dropout and skip connections included" in helps[1]
