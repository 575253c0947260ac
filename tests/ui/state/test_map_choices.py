"""Which axes a map shows, and what a cell of several experiments puts on the desk."""

import pytest
from PySide6.QtCore import QObject

from vgdesk.engine.client import Engine
from vgdesk.spec.library import example
from vgdesk.spec.sweep import Axis, Sweep
from vgdesk.ui.state.jobs import Jobs
from vgdesk.ui.state.maps import MapPlan, Maps, first_fields
from vgdesk.ui.state.messages import Messages
from vgdesk.ui.state.session import Session
from vgdesk.ui.state.studies import Studies


@pytest.fixture
def session(qapp) -> Session:
    return Session()


@pytest.fixture
def maps(session: Session):
    owner = QObject()
    messages = Messages(owner)
    jobs = Jobs(Engine(), messages, owner)
    made = Maps(session, Studies(jobs, owner), messages, owner)
    axes = (
        Axis(field="seed", values=(3, 4)), Axis(field="depth", values=(2, 4)), Axis(field="sigma_w", values=(1.0, 2.0)),
    )  # fmt: skip
    made.plan = MapPlan(Sweep(experiment=example("digits-tanh-20"), axes=axes), "nowhere.csv")
    made.fields = first_fields([axis.field for axis in axes])
    yield made
    jobs.close()


def test_sigma_w_and_depth_are_shown_first_and_one_field_alone_is_enough():
    assert first_fields(["seed", "depth", "sigma_w"]) == ("sigma_w", "depth")
    assert first_fields(["seed", "depth"]) == ("seed", "depth")
    assert first_fields(["seed"]) == ("seed", "")


def test_choosing_the_field_of_the_other_axis_exchanges_the_two(maps: Maps):
    maps.choose_fields("depth", maps.fields[1])
    assert maps.fields == ("depth", "sigma_w")
    maps.choose_fields(maps.fields[0], "depth")
    assert maps.fields == ("sigma_w", "depth")


def test_a_map_over_other_axes_has_no_line(maps: Maps):
    maps._limits = ((1.0, 3.0), (2.0, 4.0))
    assert maps.limits == ((1.0, 3.0), (2.0, 4.0))
    maps.choose_fields("seed", "depth")
    assert maps.limits == ()


def test_a_cell_of_several_experiments_opens_the_first_of_them(maps: Maps, session: Session):
    maps.open_cell(1, 0)
    assert session.training.seed == 3
    assert session.training.feed_forward.depth == 2
    assert session.training.initialisation.sigma_w == 2.0
