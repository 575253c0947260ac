"""The README lists every activation and every initialisation."""

from pathlib import Path

from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.initialisation import Initialisation

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_activation_is_in_the_readme():
    assert [name for name in ACTIVATIONS if f"`{name}`" not in README] == []


def test_every_initialisation_and_field_is_in_the_readme():
    rules = Initialisation.__args__
    words = [str(rule.__struct_config__.tag) for rule in rules] + [f for rule in rules for f in rule.__struct_fields__]
    assert [word for word in words if f"`{word}`" not in README] == []
