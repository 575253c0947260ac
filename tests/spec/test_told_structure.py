"""A title that tells the network's structure goes on to tell the truth after an edit; other titles stay."""

import msgspec
import pytest

from vgdesk.spec import edit
from vgdesk.spec.activation import facts_of
from vgdesk.spec.experiment import LONGEST_TITLE
from vgdesk.spec.library import example
from vgdesk.spec.told_structure import title_kept_true
from vgdesk.spec.vary import varied

DEEP = example("digits-tanh-20")
SMALL = example("insurance")


def titled(title: str, base=DEEP):
    return msgspec.structs.replace(base, name="my-own", title=title)


def deeper(experiment, count: int):
    first, *rest = experiment.feed_forward.layers
    hidden = rest[0]
    network = msgspec.structs.replace(experiment.feed_forward, layers=(first, *[hidden] * (count - 2), rest[-1]))
    return msgspec.structs.replace(experiment, network=network)


@pytest.mark.parametrize("title", ["20 x 16 tanh", "Tanh, 20 layers × 16", "tanh 16 × 20", "deep tanh", "20-layer net"])
def test_a_title_that_tells_the_structure_follows_an_edit_and_is_itself_again_after_the_way_back(title: str):
    before = titled(title)
    edited = deeper(before, 21)
    after = edit.marked_as_edited(before, edited)
    if title == "deep tanh":
        assert after.title == title, "tanh it still is"
        return
    assert after.title == f"{title} (now 21 layers × 16, tanh)"
    again = edit.marked_as_edited(after, deeper(after, 22))
    assert again.title == f"{title} (now 22 layers × 16, tanh)"
    assert edit.marked_as_edited(again, deeper(again, 20)).title == title


@pytest.mark.parametrize(
    ("activation", "told"),
    [
        ("leaky-relu", "leaky-relu"),
        ("leaky-relu", "leaky ReLU"),
        ("hard-tanh", "Hard tanh"),
        ("silu", "swish"),
        ("gelu-tanh", "GELU (tanh)"),
    ],
)
def test_an_activation_of_two_words_is_not_taken_for_the_one_that_it_ends_in(activation: str, told: str):
    before = titled(f"20 x 16 {told}", varied(DEEP, "activation", activation))
    once = edit.marked_as_edited(before, deeper(before, 21))
    assert once.title == f"20 x 16 {told} (now 21 layers × 16, {facts_of(activation).words})"
    twice = edit.marked_as_edited(once, deeper(once, 22))
    assert twice.title.count("(now ") == 1
    assert edit.marked_as_edited(twice, deeper(twice, 20)).title == before.title


def test_another_width_of_some_layers_is_told_behind_a_title_of_layers_and_width():
    before = titled("Tanh, 20 layers × 16")
    after = edit.marked_as_edited(before, edit.with_unit(before, 1))
    assert after.title == "Tanh, 20 layers × 16 (now 20 layers × 16–17, tanh)"


def test_a_unit_more_is_told_behind_a_title_of_widths():
    widths = "-".join(map(str, SMALL.feed_forward.widths))
    before = titled(f"My {widths}", SMALL)
    after = edit.marked_as_edited(before, edit.with_unit(before, 1))
    assert after.title.startswith(f"My {widths} (now ")


@pytest.mark.parametrize("title", ["My attempt", "Task 7", "2 x 3 is six", "A relu of ideas"])
def test_a_title_that_tells_nothing_true_of_the_structure_stays(title: str):
    before = titled(title)
    assert edit.marked_as_edited(before, deeper(before, 21)).title == title


def test_an_edit_of_numbers_alone_changes_no_title():
    before = titled("20 x 16 tanh")
    assert edit.marked_as_edited(before, msgspec.structs.replace(before, seed=9)).title == before.title


def test_the_longest_title_has_room_for_the_note():
    before = titled(("20 x 16 tanh " * 20)[:LONGEST_TITLE])
    told = title_kept_true(before, deeper(before, 21))
    assert len(told) <= LONGEST_TITLE
    assert told.endswith("(now 21 layers × 16, tanh)")
