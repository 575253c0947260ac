"""The works that claims about history are checked against."""

from typing import NamedTuple

from vgdesk.records.claim import claims

LSTM = "Hochreiter & Schmidhuber 1997"


class Work(NamedTuple):
    """Is one publication: who, when, and the whole entry."""

    authors: str
    year: int
    entry: str


def work(key: str) -> Work:
    """Returns a publication by "name-year", found among the sources of all claims; KeyError where none cites it."""
    name, _, year = key.rpartition("-")
    for entry in {source for claim in claims() for source in claim.sources}:
        authors, rest = split_entry(entry)
        if authors.lower().startswith(name) and rest.startswith(year):
            return Work(authors, int(rest[:4]), entry)
    raise KeyError(key)


def split_entry(entry: str) -> tuple[str, str]:
    """Returns the authors and what begins with the year: sources are written "Authors (year), title, where"."""
    authors, _, rest = entry.partition(" (")
    return authors, rest
