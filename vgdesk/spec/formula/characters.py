"""What a person types, brought to plain ASCII: look-alikes become what they look like, anything else is refused.

Full-width and mathematical letters are normalised (Unicode NFKC); signs that keyboards and books write differently have
a table. The text that comes out is the one that is shown and the one that positions refer to.
"""

import re
import unicodedata

from vgdesk.errors import FormulaError

LONGEST = 2000
"""Characters of a formula."""
_SIGNS = {
    "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=",
    "π": "pi", "σ": "sigmoid", "√": "sqrt",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FUNCTION_ALONE = re.compile(r"[√σ](?!\s*[(（])")
_BESIDE_A_WORD = re.compile(r"(?<=\w)(?=[πσ√])|(?<=[πσ√])(?=\w)")
"""Where a sign that becomes a word would run into another one: πz is not a name, piz."""
_FOREIGN = re.compile(r"[^A-Za-z0-9_+\-*/().,<>= ]")


def plain(text: str) -> str:
    """Returns the formula in ASCII with single spaces.

    Raises
    ------
    FormulaError
        It is empty, too long, or has a character that no formula has.
    """
    if len(text) > LONGEST:
        raise FormulaError(f"a formula must have at most {LONGEST:,} characters, got {len(text):,}", LONGEST + 1)
    raised = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: f"**({found[0].translate(_SUPERSCRIPTS)})", text)
    if alone := _FUNCTION_ALONE.search(raised):
        sign, place = alone[0], len(_normal(f"{raised[: alone.start()]}|"))
        raise FormulaError(f"{sign} needs its argument in parentheses, as in {sign}(z)", place)
    normal = _normal(raised)
    if not normal:
        raise FormulaError("a formula must hold something to compute from z, got nothing")
    if len(normal) > LONGEST:
        sentence = f"a formula must have at most {LONGEST:,} characters, got {len(normal):,} once normalised"
        raise FormulaError(sentence, LONGEST + 1)
    return normal


def _normal(text: str) -> str:
    apart = _BESIDE_A_WORD.sub(" ", text)
    signs = "".join(_SIGNS.get(character, character) for character in apart)
    return " ".join(unicodedata.normalize("NFKC", signs).split())


def require_known(text: str) -> None:
    """Refuses the first character that no formula has, by its Unicode name where it is not ASCII."""
    found = _FOREIGN.search(text)
    if found is None:
        return
    character, position = found[0], found.start() + 1
    if character == "^":
        raise FormulaError("a power is written **, not ^", position)
    name = "" if character.isascii() else f" ({unicodedata.name(character, 'a character without a name')})"
    raise FormulaError(f"the character {character!r}{name} has no meaning in a formula", position)
