"""What a treated experiment is called: its own title, and what it was treated with."""

import msgspec

from vgdesk.spec.edited import bundled_twin, edited_name
from vgdesk.spec.experiment import LONGEST_TITLE, Experiment


def treated(before: Experiment, after: Experiment, remedy: str) -> Experiment:
    """Returns the treated experiment under a name of its own, e.g. "Sigmoid, 20 layers × 16, on digits + ELU with He".

    Parameters
    ----------
    before, after
        The experiment before the treatment, and after it under its old name.
    remedy
        The remedy's title.
    """
    words = f"{before.title.removesuffix(' (edited)')} + {remedy}"
    title = words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
    return bundled_twin(after) or msgspec.structs.replace(after, name=edited_name(after.name), title=title)
