"""jacobian and spectrum on the command line."""

import json

import pytest


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf", ".csv"])
def test_both_spectra_are_written_in_every_format(vgdesk, tmp_path, suffix):
    for command, name in (("jacobian", "digits-relu-20"), ("spectrum", "copy-gru")):
        file = tmp_path / f"{command}{suffix}"
        assert vgdesk(command, name, "--out", file).status == 0
        assert file.stat().st_size > 500


def test_jacobian_as_json_has_both_kinds_with_measured_and_predicted_moments(vgdesk):
    found = json.loads(vgdesk("jacobian", "digits-sigmoid-20", "--json").out)
    assert (found["outputs"], found["inputs"]) == (10, 64)
    assert [side["kind"] for side in found["sides"]] == ["gaussian", "orthogonal"]
    own = found["sides"][0]
    assert own["own"]
    assert len(own["log10_singular_values"]) == 10
    assert own["measured"]["log10_mean"] == pytest.approx(own["predicted"]["log10_mean"], abs=0.7)


def test_given_weights_are_measured_but_not_predicted(vgdesk):
    done = vgdesk("jacobian", "insurance")
    assert done.status == 0
    assert "The weights are given, not drawn" in done.out
    assert json.loads(vgdesk("jacobian", "insurance", "--json").out)["sides"][0]["predicted"] is None


def test_spectrum_as_json_has_eigenvalues_norms_and_an_lstms_cell_path(vgdesk):
    found = json.loads(vgdesk("spectrum", "digits-lstm-pixels", "--json").out)
    assert [gate["gate"] for gate in found["gates"]] == ["i", "f", "g", "o"]
    assert len(found["log10_norm"]) == len(found["cell_path"]["log10"])
    assert found["cell_path"]["half"] < found["cell_path"]["tenth"] < found["cell_path"]["float32"]
    assert found["log10_bound"] is None
    assert found["fit"]["half_life"] > 0


def test_the_counterexample_speaks_for_itself(vgdesk):
    out = vgdesk("spectrum", "--counterexample").out
    assert "every eigenvalue is 0, and yet the gradient doubles" in out
    assert "doubled every step" in out


def test_table_of_the_plane_has_every_eigenvalue_and_every_lag(vgdesk, tmp_path):
    vgdesk("spectrum", "digits-rnn-rows", "--out", tmp_path / "plane.csv")
    head, *rows = (tmp_path / "plane.csv").read_text(encoding="utf-8").splitlines()
    found = json.loads(vgdesk("spectrum", "digits-rnn-rows", "--json").out)
    assert head == "what,number,real,imaginary,log10"
    assert len(rows) == len(found["gates"][0]["eigenvalues"]) + 2 * len(found["log10_norm"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["spectrum"], "name an experiment with a recurrent network, or give --counterexample, and not both"),
        (["spectrum", "copy-gru", "--counterexample"], "and not both"),
        (["spectrum", "digits-relu-20"], "needs a recurrent network"),
        (["jacobian", "copy-gru"], "needs a feed-forward network"),
        (["jacobian", "digits-relu-20", "--out", "a.txt"], "use one of .png, .svg, .pdf, .csv"),
        (["mean-field", "tanh", "--sigma-w", "nan", "--sigma-b", "0"], "--sigma-w must be a finite number"),
        (["critical", "formula: sqrt(abs(z))", "--sigma-b", "0"], "is infinite: its slope grows too fast"),
    ],
)
def test_a_wrong_request_is_one_sentence(vgdesk, words, sentence):
    done = vgdesk(*words)
    assert done.status == 2
    assert sentence in done.err
    assert done.err.count("\n") == 1
