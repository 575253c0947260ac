"""The lines of `vgdesk bench --theory` are there; no test looks at a time."""

from vgdesk.bench.theory import deep_network, theory_figures
from vgdesk.theory.predict import predict_feed_forward


def test_every_target_has_its_line():
    rows = list(theory_figures(layers=4, points=4, repeats=1))
    assert len(rows) == 7
    assert all(row.unit == "ms" and row.target for row in rows)
    assert "prediction, 4 layers, closed form" in [row.what for row in rows]


def test_the_network_that_is_measured_has_a_prediction():
    assert predict_feed_forward(*deep_network("tanh", 6)).profile("weight").log10_norm.shape == (6,)
