"""The picture of a layer's arguments: which bins are flat, and what is said of one."""

import re

import numpy as np

from vgdesk.present.saturation import bin_words, saturation_scene
from vgdesk.spec.library import example
from vgdesk.spec.vary import varied
from vgdesk.study.saturation import find_saturation


def test_bins_are_flat_where_tanh_is_and_say_so():
    found = find_saturation(varied(example("digits-tanh-20"), "sigma_w", 8.0), 10)
    scene = saturation_scene(found, "wide")
    middle = (found.edges[1:] + found.edges[:-1]) / 2
    steep = 1.0 - np.tanh(middle) ** 2 >= 0.01
    assert (scene.flat != steep)[np.abs(np.abs(middle) - np.arctanh(np.sqrt(0.99))) > 0.1].all()
    assert scene.key == "orange: |φ′| < 0.01"
    assert "10⁻" in bin_words(scene, 0)
    assert bin_words(scene, 0).startswith("−")


def test_a_layer_without_flat_units_is_told_so():
    scene = saturation_scene(find_saturation(example("digits-sigmoid-20"), 4), "steep")
    assert scene.key == "nowhere |φ′| < 0.01"
    assert scene.sentence.startswith("Layer 4, sigmoid: none of the arguments lie")


def test_numbers_and_names_are_spelt_as_everywhere():
    deep = example("digits-tanh-20")
    found = find_saturation(varied(varied(deep, "activation", "log-sigmoid"), "sigma_w", 40.0), 3)
    scene = saturation_scene(found, "wide")
    told = " ".join([scene.sentence, scene.short, scene.slope_words, *(bin_words(scene, one) for one in range(40))])
    assert not re.search(r"\de[+-]?\d|-\d", told)
    assert scene.sentence.startswith("Layer 3, log sigmoid: ")
    assert "ReLU: " in saturation_scene(find_saturation(varied(deep, "activation", "relu"), 1), "dead").sentence
