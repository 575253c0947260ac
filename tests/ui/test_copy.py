"""Copying what the derivation computes as a program, chosen like a person chooses it."""

import subprocess
import sys

import pytest
from PySide6.QtGui import QGuiApplication

from tests.ui.person import Person


@pytest.mark.parametrize("language", ["numpy", "sympy"])
def test_a_copied_program_runs_and_prints_the_gradient_on_show(person: Person, language: str):
    derivation = person.window.desk.formulas.derivation
    QGuiApplication.clipboard().clear()
    person.presses(f"copy_{language}")
    person.waits_for(lambda: f"import {language}" in QGuiApplication.clipboard().text(), "the program to be copied")
    source = QGuiApplication.clipboard().text()
    printed = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True, text=True).stdout
    assert derivation is not None
    assert float(printed.split()[-1]) == pytest.approx(derivation.value, rel=1e-12)
