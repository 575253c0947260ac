"""Writes a tree as a formula that `reading` reads again, with no more parentheses than needed."""

from vgdesk.spec.formula.tree import Constant, Operation, Tree, Variable

_LEVELS = {"or": 1, "and": 2, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5, "/": 5, "neg": 6, "**": 7}
_ATOM = 8
_LONGEST_QUOTE = 60


def write(tree: Tree) -> str:
    """Returns the formula as text."""
    return _written(tree)[0]


def shown(tree: Tree) -> str:
    """Returns the formula as a sentence quotes it: its beginning where it is long."""
    text = write(tree)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def number_text(value: float) -> str:
    """Returns a number as a person writes it: 2, not 2.0."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _written(tree: Tree) -> tuple[str, int]:
    match tree:
        case Variable():
            return "z", _ATOM
        case Constant(value=value, name=name):
            return name or number_text(value), _ATOM if name or value >= 0 else _LEVELS["neg"]
        case Operation(name="neg", arguments=(inner,)):
            return f"-{_inside(inner, _LEVELS['neg'])}", _LEVELS["neg"]
        case Operation(name=sign, arguments=(left, right)) if sign in _LEVELS:
            level = _LEVELS[sign]
            # a - (b + c), a / (b c); and a power's base needs its own even where it is a power
            lower, upper = (level + 1, level) if sign == "**" else (level, level + 1)
            space = "" if sign in ("*", "/", "**") else " "
            return f"{_inside(left, lower)}{space}{sign}{space}{_inside(right, upper)}", level
        case Operation(name=name, arguments=arguments):
            return f"{name}({', '.join(map(write, arguments))})", _ATOM


def _inside(tree: Tree, least: int) -> str:
    text, level = _written(tree)
    return text if level >= least else f"({text})"
