"""How magnitudes are written; the words are `vgdesk.records.spelling`, because verdicts use them, too."""

from vgdesk.records.spelling import decimal_text, magnitude_text, power_text, word_for

__all__ = ["decimal_text", "magnitude_text", "power_text", "word_for"]
