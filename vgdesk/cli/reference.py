"""`vgdesk reference`: what an experiment may hold, and what commands and files do, a page a subject."""

from typing import Annotated

import typer

from vgdesk.cli.arguments import JSON
from vgdesk.cli.output import say, say_json
from vgdesk.present.reference import PAGES, reference_page, reference_pages


def reference(
    page: Annotated[
        str | None, typer.Argument(help=f"Print this page: {', '.join(PAGES)}.", metavar="PAGE", show_default=False)
    ] = None,
    json: JSON = False,
) -> None:
    """List the pages of the reference, or print one as Markdown.

    The JSON object holds pages (name, title), or of one page its name, title and text.
    """
    if page is None:
        _list(json)
        return
    chosen = reference_page(page)
    if json:
        say_json({"name": chosen.name, "title": chosen.title, "text": chosen.text})
    else:
        say(chosen.text.rstrip())


def _list(json: bool) -> None:
    pages = reference_pages()
    if json:
        say_json({"pages": [{"name": page.name, "title": page.title} for page in pages]})
        return
    width = max(len(page.name) for page in pages)
    for page in pages:
        say(f"{page.name:<{width}}  {page.title}")
