"""Errors a user can act on.

Each carries one sentence that names the thing, its value and what is allowed. Numerical outcomes (vanishing, exploding,
NaN, cancelled) are values inside results and never appear here.
"""


class VgdeskError(Exception):
    """Is the base of everything vgdesk raises on purpose; its text is the sentence the user sees."""


class SpecError(VgdeskError, ValueError):
    """Says that a request is invalid: unknown name, value out of range, malformed file."""


class FormulaError(SpecError):
    """Says what in a formula cannot be read or studied; `position` counts characters from 1, 0 = the whole of it."""

    def __init__(self, sentence: str, position: int = 0) -> None:
        super().__init__(f"{sentence} (position {position})" if position else sentence)
        self.sentence, self.position = sentence, position

    def of(self, field: str) -> "FormulaError":
        """Returns the same error, which also says in which field the formula stands."""
        return FormulaError(f"formula of {field}: {self.sentence}", self.position)


class DerivationTooLarge(VgdeskError):  # noqa: N818 - the sentence reads better than with Error
    """Says that a symbolic derivation was asked for a network beyond what can be read."""


class ExportError(VgdeskError):
    """Says that a file could not be written; nothing that stood there was changed."""


class DocumentError(VgdeskError):
    """Says that a file could not be read."""


class WorkerError(VgdeskError):
    """Says that a worker process could not do or finish what it was asked."""


def shortened(value: str) -> str:
    """Returns a value for a sentence: as it is, or its two ends where it is very long."""
    return value if len(value) <= 120 else f"{value[:60]}…{value[-20:]}"


def printable(text: str) -> str:
    """Returns a text with escapes for the characters that would steer a terminal, such as those of a file's name."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else letter.encode("unicode_escape").decode()
        for letter in text
    )
