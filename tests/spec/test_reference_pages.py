"""The reference lists every activation and every initialisation."""

from vgdesk.assets import resource
from vgdesk.spec.activation import ACTIVATIONS
from vgdesk.spec.initialisation import Initialisation

ACTIVATION_PAGE, INITIALISATION_PAGE = (
    resource("reference", f"{page}.md").read_text(encoding="utf-8") for page in ("activations", "initialisations")
)


def test_every_activation_is_in_the_reference():
    assert [name for name in ACTIVATIONS if f"`{name}`" not in ACTIVATION_PAGE] == []


def test_every_initialisation_and_field_is_in_the_reference():
    rules = Initialisation.__args__
    words = [str(rule.__struct_config__.tag) for rule in rules] + [f for rule in rules for f in rule.__struct_fields__]
    assert [word for word in words if f"`{word}`" not in INITIALISATION_PAGE] == []
