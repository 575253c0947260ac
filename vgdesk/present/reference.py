"""The reference: one page of Markdown a subject: what an experiment may hold, what commands, files and window do.

The pages are the files of `resources/reference`; README, `vgdesk reference` and the window's Help show the same ones.
"""

from dataclasses import dataclass

from vgdesk.assets import resource
from vgdesk.spec.base import require_choice

PAGES = ("experiments", "activations", "initialisations", "training", "recording", "theory", "files", "window")


@dataclass(frozen=True)
class ReferencePage:
    """One subject of the reference.

    Attributes
    ----------
    name : str
        What it is asked for by, one of `PAGES`.
    title : str
        Its heading.
    text : str
        The whole page, heading included, in Markdown.
    """

    name: str
    title: str
    text: str


def reference_page(name: str) -> ReferencePage:
    """Returns a page of the reference; raises `SpecError` for a name that is none of `PAGES`."""
    require_choice("page of the reference", name, PAGES)
    text = resource("reference", f"{name}.md").read_text(encoding="utf-8")
    return ReferencePage(name, text.partition("\n")[0].removeprefix("# "), text)


def reference_pages() -> tuple[ReferencePage, ...]:
    """Returns every page, in the order of `PAGES`."""
    return tuple(reference_page(name) for name in PAGES)
