"""Where the bundled files are: examples, data sets, fonts, icons, themes.

In a checkout they stand in `resources/` at the top; a wheel carries the same folder inside the package.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Returns the path of a bundled file or folder, e.g. `resource("examples", "insurance.json")`."""
    inside_wheel = _PACKAGE / "resources"
    root = inside_wheel if inside_wheel.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)
