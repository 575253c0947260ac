"""What a title that somebody gave tells of its network's structure, and whether that is still so after an edit.

"20 x 32 tanh" tells depth, width and activation; "20 layers × 32" depth and width; "2-3-1" and "8 and 8" widths;
"My attempt" nothing. What was so before an edit and is not after it is put right at the end of the title: "20 x 32 tanh
(now 21 layers × 32, tanh)". The words before that are somebody's own, and stay.
"""

import re

import msgspec

from vgdesk.spec.activation import ACTIVATION_FACTS as FACTS
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment
from vgdesk.spec.network import FeedForward

_NOW = re.compile(r" \(now (?:[^()]|\([^()]*\))*\)$")
_PRODUCT = re.compile(r"(?<!\d)(\d+)(?: layers?)? ?[x×] ?(\d+)(?!\d)")
_LAYERS = re.compile(r"(?<!\d)(\d+)[ -]layers?\b")
_WIDTHS = re.compile(r"(?<![\d.])\d+(?:[-–→]\d+){2,}(?![\d.])")
_HIDDEN = re.compile(r"(?<!\d)(\d+) hidden units?\b")
_LISTED = re.compile(r"(?<![\d.])\d+(?:, \d+)* and \d+(?![\d.])")
_SPELT = {spelling.lower().replace("-", " "): name for name in FACTS for spelling in (name, FACTS[name].words)} | {
    "swish": "silu"
}
"""Activations by what titles call them, "leaky ReLU" as well as leaky-relu."""
_LONGEST_FIRST = "|".join(re.escape(spelling) for spelling in sorted(_SPELT, key=len, reverse=True))
_ACTIVATION = re.compile(rf"(?<!\w)(?:{_LONGEST_FIRST})(?!\w)")
_BEYOND = (0, 1)
"""Titles count all layers, or the hidden ones."""
_FEW = 5
"""Layers of a network whose widths are told one by one."""


def title_kept_true(before: Experiment, edited: Experiment) -> str:
    """Returns the title of an edited experiment, with its structure behind the title where that tells another one."""
    stem = _NOW.sub("", before.title)
    network, former = edited.network, before.network
    if not isinstance(network, FeedForward) or not isinstance(former, FeedForward):
        return edited.title
    was_put_right = stem != before.title
    counted = [0] if was_put_right else [beyond for beyond in _BEYOND if _is_so(stem, former, beyond)]
    is_so = any(_is_so(stem, network, beyond) for beyond in counted)
    if is_so or not counted:
        return stem if was_put_right and is_so else edited.title
    note = f" (now {structure(network)})"
    return stem[: LONGEST_TITLE - len(note)] + note


def note_of_now(title: str, before: Experiment, edited: Experiment) -> str:
    """Returns "now 4 layers × 8, tanh" where a title was so of one network and is not of the other, else ""."""
    network, former = edited.network, before.network
    if not isinstance(network, FeedForward) or not isinstance(former, FeedForward):
        return ""
    counted = [beyond for beyond in _BEYOND if _is_so(title, former, beyond)]
    is_so = not counted or any(_is_so(title, network, beyond) for beyond in counted)
    return "" if is_so else f"now {structure(network)}"


def structure(network: FeedForward) -> str:
    """Returns depth, width and activation of the hidden layers: "21 layers × 32, tanh"."""
    widths = set(network.widths[1:-1])
    layers = f"{network.depth} {'layer' if network.depth == 1 else 'layers'}"
    if len(widths) == 1:
        layers += f" × {widths.pop()}"
    elif widths and network.depth <= _FEW:
        layers = "–".join(map(str, network.widths))
    elif widths:
        layers += f" × {min(widths)}–{max(widths)}"
    activation = common_activation(network)
    return f"{layers}, {activation}" if activation else layers


def common_activation(network: FeedForward) -> str:
    """Returns the activation of all hidden units; "" where they have several, or a formula."""
    names = _activations(network)
    return FACTS[names.pop()].words if len(names) == 1 and names <= set(FACTS) else ""


def _is_so(title: str, network: FeedForward, beyond: int) -> bool:
    """Whether everything that a title tells of the structure holds; a title that tells nothing always does.

    `beyond` is how many layers the network has beyond those that the title counts.
    """
    depth, widths = network.depth - beyond, set(network.widths[1:-1])
    for one, other in _PRODUCT.findall(title):
        # people write either first
        if not any(int(a) == depth and widths == {int(b)} for a, b in ((one, other), (other, one))):
            return False
    if any(int(count) != depth for count in _LAYERS.findall(title)):
        return False
    if any(list(map(int, re.findall(r"\d+", chain))) != list(network.widths) for chain in _WIDTHS.findall(title)):
        return False
    hidden = list(network.widths[1:-1])
    if any(int(count) != sum(hidden) for count in _HIDDEN.findall(title)):
        return False
    if any(list(map(int, re.findall(r"\d+", listed))) != hidden for listed in _LISTED.findall(title)):
        return False
    told = {_SPELT[spelling] for spelling in _ACTIVATION.findall(title.lower().replace("-", " "))}
    return not told or told == _activations(network)


def _activations(network: FeedForward) -> set[str]:
    layers = network.layers[:-1] or network.layers
    return {name for layer in layers for name in (layer.unit_activations or (layer.activation,))}


def kept_true(before: Experiment, edited: Experiment) -> Experiment:
    """Returns the edited experiment under a title that does not tell another structure."""
    title = title_kept_true(before, edited)
    return edited if title == edited.title else msgspec.structs.replace(edited, title=title)
