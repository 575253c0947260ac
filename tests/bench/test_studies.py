"""The lines of `vgdesk bench --studies` are there, and only when asked for; no test looks at a time."""

import pytest

from vgdesk.bench.studies import studies_figures
from vgdesk.cli.bench import _chosen
from vgdesk.errors import SpecError

NOTHING_SAID = dict.fromkeys(("window", "symbolic", "what-if", "training", "theory", "studies"))


def test_every_target_has_its_line():
    rows = list(studies_figures(points=2, map_steps=1, race_steps=1))
    assert [row.target for row in rows] == [300, 15]
    assert "trainability map, 4 networks" in rows[0].what
    assert all(row.unit == "s" and row.value for row in rows)


def test_studies_are_measured_only_when_asked_for():
    assert "studies" not in _chosen(NOTHING_SAID)
    assert _chosen(NOTHING_SAID | {"studies": True}) == ["studies"]


def test_declining_everything_else_leaves_nothing():
    with pytest.raises(SpecError, match="nothing is left to measure"):
        _chosen(dict.fromkeys(NOTHING_SAID, False) | {"studies": None})
