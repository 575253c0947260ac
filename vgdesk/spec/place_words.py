"""Where in a JSON text something stands, in words: `network.layers[0].bias`, counted from 0, is the bias of layer 1."""

import re

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def place_words(path: str) -> str:
    """Returns a place such as "recording.what", "bias of layer 1" or "entry 2 of task.inputs", counted from 1.

    Parameters
    ----------
    path
        Fields after points and places in lists in brackets, counted from 0; "[...]" for any of a list.
    """
    around, fields = "", list[str]()
    for field, index in _STEP.findall(path):
        if field:
            fields.append(field)
        else:
            around, fields = _entry_words(index, fields, around), []
    return " of ".join(filter(None, (".".join(fields), around)))


def _entry_words(index: str, fields: list[str], around: str) -> str:
    """Returns "layer 1" or "entry 1 of values"; of layers of the network it need not be told whose they are."""
    number = f" {int(index) + 1}" if index.isdigit() else ""
    if fields[-1:] == ["layers"]:
        owner = ".".join(fields[:-1])
        return " of ".join(filter(None, (f"layer{number}", "" if owner == "network" else owner, around)))
    return " of ".join(filter(None, (f"entry{number}" if number else "an entry", ".".join(fields), around)))
