"""The status bar: news is read whole while it stands, and a mouse that rests on a button hides nothing."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from tests.present.test_diagnosis_scene import found
from tests.ui.person import Person
from vgdesk.ui.chrome import status
from vgdesk.ui.panels.elided_label import ElidedLabel

NEWS = "Found a state with d1 = 0.06 and d2 = 0.04; 3 numbers changed."


def run_label(person: Person) -> ElidedLabel:
    label = person.window.findChild(ElidedLabel, "status")
    assert isinstance(label, ElidedLabel)
    return label


def verdict(person: Person) -> QPushButton:
    button = person.window.findChild(QPushButton, "verdict")
    assert isinstance(button, QPushButton)
    return button


def test_news_is_whole_and_the_verdict_has_its_room_back_afterwards(person: Person):
    person.rests()
    person.window.resize(1024, 700)
    person.waits_for(lambda: verdict(person).isVisible(), "the verdict")
    QApplication.processEvents()
    before = verdict(person).width()
    person.window.desk.messages.tell(NEWS)
    person.waits_for(lambda: run_label(person).shown == NEWS, "the news, whole")
    assert verdict(person).width() < before
    person.waits_for(lambda: verdict(person).width() == before, "the verdict as it was")
    assert run_label(person).text() != NEWS
    person.window.resize(1440, 900)


def test_long_news_does_not_widen_the_window(person: Person):
    person.window.resize(960, 640)
    person.window.desk.messages.tell(NEWS * 6)
    QApplication.processEvents()
    assert person.window.width() == 960
    assert person.window.minimumSizeHint().width() <= 960
    person.window.resize(1440, 900)


def test_a_mouse_that_rests_on_a_button_hides_neither_step_nor_loss(person: Person):
    person.rests()
    button = person.button("train")
    QTest.mouseMove(button, QPoint(5, 5))
    action = person.window.actions_by_id["train"]
    action.showStatusText(button)
    QApplication.processEvents()
    assert person.window.statusBar().currentMessage() == ""
    assert run_label(person).isVisible()
    assert action.toolTip().startswith(action.statusTip())


def test_an_open_menu_says_what_its_entries_do_and_then_no_more(person: Person):
    menu = person.window.findChild(QMenu, "") or QMenu(person.window)
    entry = next(one for one in menu.actions() if one.statusTip())
    menu.popup(person.window.mapToGlobal(QPoint(10, 40)))
    menu.setActiveAction(entry)
    person.waits_for(lambda: person.window.statusBar().currentMessage() == entry.statusTip(), "its words")
    menu.close()
    person.waits_for(lambda: person.window.statusBar().currentMessage() == "", "no words")


def test_a_long_verdict_leaves_step_loss_and_first_gradient_their_room(person: Person):
    person.rests()
    person.window.resize(960, 640)
    bar = person.window.statusBar()
    assert isinstance(bar, status.Status)
    shown = "step 199,999 · loss 0.0001234 · |∂L/∂h| time step 1: 1.35×10⁻¹⁴⁵"
    bar.show_run(f"{shown} · time step 200: 2.31×10⁻² · 97.1% of 300 held-out right")
    button = verdict(person)
    button.show_diagnosis(found(0.6))
    button.show()
    QApplication.processEvents()
    person.waits_for(lambda: run_label(person).shown.startswith(shown), "it, after any news")
    button.resize(320, button.height())
    assert "20 layers leave" in button.text()
    assert not button.text().endswith("…")
    button.resize(120, button.height())
    assert button.text().endswith("…")
    assert button.words in button.toolTip()
    person.window.resize(1440, 900)


LONG_WORK = "deriving ∂L/∂W¹ · compiling kernels, once on this machine: 22 s · reading houses.csv · bounding a chain"


def places(bar: status.Status, button: QPushButton, words: str) -> tuple[QRect, QRect, QRect]:
    """Returns where run, verdict and activity stand once the run says something else."""
    bar.show_run(words)
    QApplication.processEvents()
    bar.layout().activate()
    activity = bar.findChild(ElidedLabel, "activity")
    assert isinstance(activity, ElidedLabel)
    run = bar.findChild(ElidedLabel, "status")
    assert isinstance(run, ElidedLabel)
    return run.geometry(), button.geometry(), activity.geometry()


def test_run_verdict_and_activity_stand_side_by_side_inside_a_small_window(person: Person):
    person.rests()
    person.window.resize(960, 640)
    bar, button = person.window.statusBar(), verdict(person)
    assert isinstance(bar, status.Status)
    person.waits_for(lambda: not bar.has_news, "no news")
    button.show_diagnosis(found(0.6))
    seen = []
    for work in (LONG_WORK, "x" * 300, ""):
        bar.show_activity(work)
        for gradient in ("5.41×10⁻²", "0.031", "1.35×10⁻¹⁴⁵", "2.6"):
            run, middle, activity = places(
                bar, button, f"step 599 · loss 0.1 · |∂L/∂W| layer 1: {gradient} · layer 20: 3"
            )
            assert run.right() < middle.left()
            assert middle.right() < activity.left()
            assert activity.right() <= bar.width()
            assert middle.width() >= button.fontMetrics().horizontalAdvance("▼ vanishing")
            seen.append(middle.left())
    assert len(set(seen[2:4])) == len(set(seen[4:8])) == 1, "the verdict stays where it is from number to number"
    bar.show_activity(LONG_WORK)
    activity = bar.findChild(ElidedLabel, "activity")
    QApplication.processEvents()
    assert isinstance(activity, ElidedLabel)
    assert LONG_WORK.startswith(activity.shown)
    assert activity.fontMetrics().horizontalAdvance(activity.shown) <= activity.contentsRect().width()
    bar.show_activity(person.window.desk.jobs.activity)
    person.window.resize(1440, 900)


def test_the_tip_of_the_verdict_says_what_lately_means(person: Person):
    button = verdict(person)
    button.show_diagnosis(found(0.6))
    assert "a running mean up to step" in button.toolTip()
    assert "the plots show one step each" in button.toolTip()
