"""The lag picture exists in every format, and its table holds the scene's numbers."""

import numpy as np
import pytest

from tests.histories import history
from vgdesk.export.lag_figure import lag_picture
from vgdesk.export.table import lag_table
from vgdesk.present.lag import lag_scene
from vgdesk.present.scenes import LagScene
from vgdesk.records.codec import frozen
from vgdesk.records.places import Places


def scene() -> LagScene:
    tables = {"state": frozen([[-np.inf, -400.0, -2.0, 0.5]]), "cell": frozen([[-3.0, np.nan, -1.0, 0.0]])}
    found = lag_scene(history([1.0], signals=Places.TIME, quantities=tables), title="title")
    assert found is not None
    return found


@pytest.mark.parametrize(("suffix", "start"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_lag_picture_is_of_its_format(suffix: str, start: bytes):
    assert lag_picture(scene(), suffix).startswith(start)


def test_lag_table_reads_back_number_by_number():
    head, *rows = lag_table(scene()).decode().splitlines()
    assert head == "lag,log10_state_norm,log10_cell_norm"
    assert rows == ["0,0.5,0.0", "1,-2.0,-1.0", "2,-400.0,nan", "3,-inf,-3.0"]
