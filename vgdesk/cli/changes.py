"""What if: the option `--let NAME=NUMBER`, which puts another number into a network before it is derived."""

from typing import Annotated

import typer

from vgdesk.errors import SpecError
from vgdesk.spec.typed import named_number

LET = Annotated[
    list[str] | None,
    typer.Option(
        "--let",
        metavar="NAME=NUMBER",
        help="What if this number were another one? Of the names of --wrt, an input (its own name, or x1, x2, ...; "
        "x3_1 at time step 3), a target (t1, t2, ...) or eta, the learning rate; may be given several times.",
    ),
]


def read_changes(texts: list[str] | None) -> dict[str, float]:
    """Returns the numbers of "NAME=NUMBER" by name; raises `SpecError` that says what is wrong with one of them."""
    changes: dict[str, float] = {}
    for text in texts or []:
        name, sign, number = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise SpecError(f"--let must be NAME=NUMBER such as w1=0.3, got {text[:80]!r}")
        if name in changes:
            raise SpecError(f"--let must name each number once, got {name[:80]} twice")
        changes[name] = named_number(f"--let {name[:80]}", number)
    return changes
