"""One number that can be changed: its name, a field to type it in, and a slider to drag it.

The slider has `TICKS` places over a range that is chosen when the row is made, about the number's own size; a number
that is typed may lie outside, and the slider then stands at its end.
"""

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

from vgdesk.records.live import Adjustable, NumberKind

TICKS = 1000
MOST = 1e6
"""The largest magnitude that can be typed."""
_NAME_PIXELS, _FIELD_PIXELS = 74, 92
_DECIMALS = 12


class CalmSlider(QSlider):
    """Leaves the wheel to the panel around it: who scrolls past does not mean to change a number."""

    def wheelEvent(self, e: QWheelEvent) -> None:
        """Lets the panel scroll."""
        e.ignore()


class NumberField(QDoubleSpinBox):
    """Shows six significant digits; the arrows step in the last but one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        self.setDecimals(_DECIMALS)
        self.setRange(-MOST, MOST)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def textFromValue(self, v: float) -> str:
        """Returns the number without zeros at its end."""
        return f"{v:.6g}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Lets the panel scroll."""
        event.ignore()


class NameHandle(QLabel):
    """Is the name, which can be dragged itself: `dragged` carries the pixels to the right since the last move."""

    dragged = Signal(float)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._last: float | None = None
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begins to drag."""
        self._last = event.position().x() if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tells how far the pointer went."""
        if self._last is not None:
            moved, self._last = event.position().x() - self._last, event.position().x()
            self.dragged.emit(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go."""
        self._last = None


class NumberRow(QWidget):
    """Shows one number. `edited` carries its name and the new value; `pointed` whether the pointer is on the row."""

    edited = Signal(str, float)
    pointed = Signal(str, bool)

    def __init__(self, number: Adjustable) -> None:
        super().__init__()
        self.number = number
        self._low, self._high = slider_range(number)
        self.field, self.slider = NumberField(), CalmSlider(Qt.Orientation.Horizontal)
        if number.is_probability:
            self.field.setRange(0.0, 1.0)
        elif number.kind is NumberKind.RATE:
            self.field.setMinimum(0.0)
        self._name = NameHandle(number.name)
        self._build()
        self.show_value(number.value)
        self._name.dragged.connect(self._drag)
        self.field.valueChanged.connect(self._tell)
        self.slider.valueChanged.connect(lambda tick: self._tell(self._value_at(tick)))

    def show_value(self, value: float) -> None:
        """Shows a value without telling anybody."""
        self._is_quiet = True
        if value != self.field.value():
            self.field.setValue(value)
        self.slider.setValue(self._tick_of(value))
        self._is_quiet = False

    def light(self, is_lit: bool) -> None:
        """Marks the row whose place in the network is pointed at."""
        if self.property("lit") != is_lit:
            self.setProperty("lit", is_lit)
            font = self._name.font()
            font.setBold(is_lit)
            self._name.setFont(font)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Lights up the number's place."""
        self.pointed.emit(self.number.name, True)

    def leaveEvent(self, event: QEvent) -> None:
        """Points at nothing."""
        self.pointed.emit(self.number.name, False)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = f"{self.number.name}, {self.number.kind}"
        self._name.setFixedWidth(_NAME_PIXELS)
        self._name.setToolTip(f"{words}: drag it to the left or right to change it")
        self._name.setBuddy(self.field)
        self.field.setFixedWidth(_FIELD_PIXELS)
        self.field.setAccessibleName(words)
        self.slider.setRange(0, TICKS)
        self.slider.setAccessibleName(f"{words}, slider")
        for widget, stretch in ((self._name, 0), (self.field, 0), (self.slider, 1)):
            row.addWidget(widget, stretch)

    @property
    def handle(self) -> QWidget:
        """What can be dragged besides the slider: the name."""
        return self._name

    def _drag(self, pixels: float) -> None:
        """Moves the number by one tick of the slider per pixel, beyond the slider's ends, too."""
        moved = self.field.value() + pixels * (self._high - self._low) / TICKS
        self._tell(float(f"{min(self.field.maximum(), max(self.field.minimum(), moved)):.6g}"))

    def _tell(self, value: float) -> None:
        if not self._is_quiet:
            self.show_value(value)
            self.edited.emit(self.number.name, value)

    def _value_at(self, tick: int) -> float:
        """Returns the number of a slider's place, rounded so that it reads well."""
        return float(f"{self._low + (self._high - self._low) * tick / TICKS:.4g}")

    def _tick_of(self, value: float) -> int:
        share = (value - self._low) / (self._high - self._low)
        return round(TICKS * min(1.0, max(0.0, share)))


def slider_range(number: Adjustable) -> tuple[float, float]:
    """Returns the ends of a number's slider: twice its size to both sides, at least 2; rates begin at 0."""
    if number.is_probability:
        return 0.0, 1.0
    if number.kind is NumberKind.RATE:
        return 0.0, max(1.0, 2 * number.value)
    size = max(2.0, 2 * abs(number.value))
    return -size, size
