"""Names of numbers and factors spelt like typeset ones; made in `vgdesk.spec.lowered`, because titles use it, too."""

from vgdesk.spec.lowered import lowered

__all__ = ["lowered"]
