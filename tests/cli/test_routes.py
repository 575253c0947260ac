"""`vgdesk export routes`: three routes in one file, and a word about each that is missing."""

import json

import pytest


def test_all_three_are_in_one_table(vgdesk, tmp_path):
    assert vgdesk("export", "routes", "circles", "--out", "routes.csv").status == 0
    header, *rows = (tmp_path / "routes.csv").read_text().splitlines()
    assert header.split(",")[-3:] == ["log10_predicted", "log10_deviation", "log10_symbolic"]
    assert all(float(row.split(",")[1]) == pytest.approx(float(row.split(",")[-1]), abs=1e-9) for row in rows)


def test_a_network_too_large_for_symbolic_points_is_told_in_the_terminal(vgdesk, tmp_path):
    said = vgdesk("export", "routes", "digits-sigmoid-20", "--out", "routes.csv").out
    sentence = "no symbolic points: too large to be derived, digits-sigmoid-20 has 6,106 parameters"
    assert said.splitlines() == ["wrote routes.csv", sentence]
    assert (tmp_path / "routes.csv").read_text().splitlines()[0].endswith(",log10_predicted,log10_deviation")


@pytest.mark.parametrize(("name", "is_small"), [("circles", True), ("digits-sigmoid-20", False)])
def test_json_names_the_routes_that_are_in_the_file_and_why_one_is_not(vgdesk, name, is_small):
    found = json.loads(vgdesk("export", "routes", name, "--out", "routes.csv", "--json").out)
    assert found["routes"] == ["measured", "predicted", "symbolic"][: 3 if is_small else 2]
    assert any("too large to be derived" in note for note in found["notes"]) is not is_small
