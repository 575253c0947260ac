"""The lines of `vgdesk bench --theory` are there; no test looks at a time."""

from vgdesk.bench.theory import deep_network, theory_figures
from vgdesk.spec.layer import Highway, Residual
from vgdesk.theory.predict import predict_feed_forward


def test_every_target_has_its_line():
    rows = list(theory_figures(layers=4, points=4, repeats=1))
    assert len(rows) == 11
    assert all(row.unit == "ms" and row.target for row in rows)
    for kind in ("closed form", "closed form, residual", "quadrature, highway"):
        assert f"prediction, 4 layers, {kind}" in [row.what for row in rows]


def test_the_network_that_is_measured_has_a_prediction():
    for skip in (None, Residual(), Highway()):
        assert predict_feed_forward(*deep_network("tanh", 6, skip)).profile("weight").log10_norm.shape == (6,)
