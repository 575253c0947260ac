"""A batch too small for a prediction is counted as people count."""

import pytest

from vgdesk.spec.library import example
from vgdesk.spec.vary import varied
from vgdesk.study.predict import predict


@pytest.mark.parametrize(("count", "words"), [(1, "one example"), (3, "3 examples")])
def test_a_batch_too_small_is_told_by_its_number(count, words):
    found = predict(varied(example("digits-bn-relu-20"), "batch_size", count))
    assert found.reason == f"batch normalisation of {words} has no expected gradient; it takes 4"
