"""Menu Derivation: unfolds a factor, a layer or everything of the derivation on show, and folds it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vgdesk.errors import SpecError

if TYPE_CHECKING:
    from vgdesk.ui.equations.sheet_view import SheetView
    from vgdesk.ui.window import Window

_ABOUT = "unfold"
_NO_FACTOR = "Click a factor of the derivation first, or walk to one with the arrow keys; then it can be unfolded."
_NO_LAYER = "Click a factor of the derivation, a unit, a connection or a bar first; then its layer can be unfolded."


def unfold_factor(window: Window) -> None:
    """Unfolds the factor that the keyboard or the last click has reached, else the pinned one."""
    from vgdesk.records.derivation import FOLDED  # arrays, which the first paint does not wait for

    sheet = window.views.sheet
    if sheet is None:
        return
    step, factor = sheet.focused_factor or (0, _pinned_factor(window))
    if not factor:
        window.desk.messages.post(_NO_FACTOR, _ABOUT)
    elif factor == FOLDED:
        sheet.unfold_products()
    else:
        _try(window, lambda: sheet.unfold_factor(factor, step))


def unfold_layer(window: Window) -> None:
    """Unfolds the layer of the factor that was reached, else of what is pinned anywhere."""
    sheet = window.views.sheet
    if sheet is None:
        return
    layer = _layer(window, sheet)
    if layer:
        _try(window, lambda: sheet.unfold_layer(layer))
    else:
        window.desk.messages.post(_NO_LAYER, _ABOUT)


def unfold_everything(window: Window) -> None:
    """Unfolds every term and all details."""
    if window.views.sheet is not None:
        window.views.sheet.unfold_everything()


def fold(window: Window) -> None:
    """Folds everything again."""
    from vgdesk.present.unfolding import Unfolding

    if window.views.sheet is not None:
        window.views.sheet.unfold(Unfolding())


def is_unfolded(window: Window) -> bool:
    """Whether there is anything to be folded."""
    return window.views.sheet is not None and not window.views.sheet.unfolding.is_folded


def _layer(window: Window, sheet: SheetView) -> int:
    scene, focused = window.cards["derivation"].scene, sheet.focused_factor
    place = scene.factor_place.get(focused[1]) if scene is not None and focused else None
    if place is not None:
        return place.layer
    pinned = window.desk.selection.pinned
    is_own = pinned is not None and pinned.experiment == window.desk.session.formula.name
    return pinned.layer if pinned is not None and is_own else 0


def _pinned_factor(window: Window) -> str:
    pinned, scene = window.desk.selection.pinned, window.cards["derivation"].scene
    return pinned.names_factor(scene.telling) if pinned is not None and scene is not None else ""


def _try(window: Window, unfold: Callable[[], object]) -> None:
    try:
        unfold()
    except SpecError as error:
        window.desk.messages.post(str(error), _ABOUT)
    else:
        window.desk.messages.settle(_ABOUT)
