"""A guided lesson: a few steps, each of which puts an experiment on the desk, says what to see, and where.

No number stands in a lesson's text by itself. A sentence has a name in braces, "the gradient is {gradient}", and the
step's `expect` says what the number is and how it is measured. So every number that a lesson states can be recomputed
(`vgdesk.study.lesson`), and a test recomputes them all.
"""

import re
from decimal import Decimal, InvalidOperation

import msgspec

from vgdesk.errors import SpecError
from vgdesk.spec.base import Spec, require_choice, require_integer
from vgdesk.spec.digits import raised
from vgdesk.spec.vary import Value

WORKSPACES = ("derive", "train")
PANELS = ("network", "derivation", "profile", "heatmap", "loss", "lag")
VIEWS = ("steps", "paths", "matrix", "ledger")
COMPARISONS = ("is", "above", "below")
PLACES = {"magnitude": 1, "level": 1, "ratio": 2, "decades": 2, "unit": 2}
"""Measures that say where, and how many numbers they need for that."""
OF = ("gradient", "factor", "setting", "slope")
"""Measures that say of what."""
WORDS = ("verdict", "learning")
"""Measures that are words, not numbers."""
MEASURES = (*OF, *PLACES, "loss", "first-loss", "accuracy", "gamma", "remains", *WORDS)
MOST_STEPS, LONGEST_LESSON = 1000, 7
_NAME = re.compile(r"{(\w+)}")


class Expected(Spec, frozen=True):
    """Is one number (or word) that a sentence states, and how it is measured.

    Attributes
    ----------
    name
        What stands in braces in the sentence.
    says
        What is stated, as it is read: "0.0015", "9.8e-4", "vanishing". A measured number must round to it.
    measure
        gradient   dL/d(of), from the derivation of the parameter `of`
        factor     value of the factor `of` ("d1", ...) in the derivation of the step's weight
        setting    what the experiment's JSON has at the path `of`; "depth" counts layers or time steps
        slope      the largest |phi'| of the activation `of`
        magnitude  of the gradient `quantity` at `places` [p], after the step's updates
        level      of a `quantity` that is a share or a plain number, at `places` [p]
        ratio      magnitude at place p divided by that at place q, `places` [p, q]
        decades    log10 of the magnitude at q divided by that at p, `places` [p, q]
        unit       what the unit `places` [layer, unit] puts out, from the derivation of the step's weight
        loss       of the batch, after the step's updates
        first-loss of the batch, before the first update
        accuracy   share of right answers at the end of the training, of held-out examples where there are some
        gamma      what each layer or time step leaves of the gradient
        remains    gamma^L: what all of them leave
        verdict, learning   the words of the diagnosis
    compare
        "is"; or "above", "below": the number lies beyond what is said.
    """

    name: str
    says: str
    measure: str
    of: str = ""
    quantity: str = "weight"
    places: tuple[int, ...] = ()
    compare: str = "is"

    def __post_init__(self) -> None:
        require_choice(f"measure of {self.name}", self.measure, MEASURES)
        require_choice(f"compare of {self.name}", self.compare, COMPARISONS)
        if bool(self.of) is not (self.measure in OF):
            raise SpecError(f"of goes with {', '.join(OF)}; {self.name} has measure {self.measure} and of {self.of!r}")
        if len(self.places) != PLACES.get(self.measure, 0):
            wanted = PLACES.get(self.measure, 0)
            raise SpecError(f"places of {self.name} ({self.measure}) must be {wanted}, got {list(self.places)}")
        if self.is_number:
            _decimal(self)
        elif self.compare != "is":
            raise SpecError(f"compare of {self.name} must be is, because a {self.measure} is a word")

    @property
    def is_number(self) -> bool:
        """Whether what is stated is a number."""
        return self.measure not in WORDS and not (self.measure == "setting" and self.says[:1].isalpha())

    @property
    def number(self) -> float:
        """The stated number."""
        return float(_decimal(self))

    @property
    def tolerance(self) -> float:
        """Half a unit of the last digit that is stated; a stated 0 is exact."""
        if self.number == 0.0:
            return 0.0
        exponent = _decimal(self).as_tuple().exponent
        return 0.5 * 10.0 ** int(exponent)

    @property
    def words(self) -> str:
        """What is stated as people read it: "9.8×10⁻⁴", "−0.03"."""
        if not self.is_number:
            return self.says
        mantissa, _, exponent = self.says.replace("-", "−").partition("e")
        factor = "" if mantissa == "1" else f"{mantissa}×"
        return f"{factor}10{raised(exponent)}" if exponent else mantissa


class Pointer(Spec, frozen=True):
    """Says what to light up: a factor of the derivation, or a layer (time step) of the training experiment.

    A layer that is pinned stays, and turns diagram and derivation to its formula.
    """

    factor: str = ""
    layer: int = 0
    pin: bool = False

    def __post_init__(self) -> None:
        require_integer("layer", self.layer, 0, 1000)
        if bool(self.factor) is bool(self.layer):
            raise SpecError("point must name a factor or a layer, one of them")


class LessonStep(Spec, frozen=True):
    """Is one step of a lesson.

    Attributes
    ----------
    title
        Its heading.
    text
        Two to four sentences. A name in braces stands for what `expect` says under that name.
    experiment
        A bundled example.
    vary
        Fields that are changed in it, see `vgdesk.spec.vary`.
    weight
        Parameter to derive by; "" where the network is too large to be derived.
    view
        How the derivation is told.
    workspace, panel
        What to turn to, and the panel to look at.
    quantity
        Recorded quantity to show; "" = each picture's own.
    updates
        So many updates are made before the training rests.
    point
        What to light up, or None.
    expect
        The numbers.
    """

    title: str
    text: tuple[str, ...]
    experiment: str
    workspace: str
    panel: str
    vary: dict[str, Value] = msgspec.field(default_factory=dict[str, Value])
    weight: str = ""
    view: str = "steps"
    quantity: str = ""
    updates: int = 0
    point: Pointer | None = None
    expect: tuple[Expected, ...] = ()

    def __post_init__(self) -> None:
        require_choice(f"workspace of {self.title!r}", self.workspace, WORKSPACES)
        require_choice(f"panel of {self.title!r}", self.panel, PANELS)
        require_choice(f"view of {self.title!r}", self.view, VIEWS)
        require_integer(f"updates of {self.title!r}", self.updates, 0, MOST_STEPS)
        require_integer(f"number of sentences of {self.title!r}", len(self.text), 2, 4)
        said = set(_NAME.findall(" ".join(self.text)))
        known = [expected.name for expected in self.expect]
        if said != set(known) or len(known) != len(said):
            names = ", ".join(sorted(said)) or "none"
            raise SpecError(
                f"{self.title!r} must expect each name in braces once: its text has {names}, "
                f"expect has {', '.join(known) or 'none'}"
            )

    def sentences(self, frame: str = "{}") -> tuple[str, ...]:
        """Returns the text with its numbers, each of them in a frame such as "<b>{}</b>"."""
        numbers = {expected.name: frame.format(expected.words) for expected in self.expect}
        return tuple(_NAME.sub(lambda found: numbers[found[1]], sentence) for sentence in self.text)

    @property
    def words(self) -> str:
        """The whole text with its numbers."""
        return " ".join(self.sentences())


class Lesson(Spec, frozen=True):
    """Is a lesson: what it is called, what it is about in a sentence, and its steps."""

    title: str
    about: str
    steps: tuple[LessonStep, ...]

    def __post_init__(self) -> None:
        require_integer(f"number of steps of {self.title!r}", len(self.steps), 1, LONGEST_LESSON)


def _decimal(expected: Expected) -> Decimal:
    try:
        number = Decimal(expected.says)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise SpecError(f"says of {expected.name} must be a finite number such as 9.8e-4, got {expected.says!r}")
    return number
