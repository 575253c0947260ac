"""What the benchmark of equations typesets and paints; no test looks at a time."""

from vgdesk.bench.equations import EQUATIONS, derivation_lines, equation_ms, frame_ms, long_sheet


def test_the_long_sheet_has_as_many_equations_as_it_says(qapp):
    lines = derivation_lines()
    assert sum(len(step.lines) for step in long_sheet(lines).steps) == EQUATIONS
    assert len(frame_ms(lines, frames=2)) == 2
    assert len(equation_ms(lines[:2], runs=1)) == 2
