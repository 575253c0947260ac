"""What an experiment is called when it has been treated: after what it was, and with what."""

import msgspec

from vgdesk.spec.edited import edited_name
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment


def with_remedy_named(before: Experiment, treated: Experiment, remedy: str) -> Experiment:
    """Returns a treated experiment whose title ends with the title of its remedy, e.g. "... + ELU with He".

    Its name is that of the experiment before it, marked as edited, so that nobody takes it for that one.
    """
    words = f"{before.title.removesuffix(' (edited)')} + {remedy}"
    title = words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
    return msgspec.structs.replace(treated, name=edited_name(before.name), title=title)
