"""The first use of a kernel is measured in a process that finds nothing compiled; no test looks at a time."""

from pathlib import Path

from vgdesk.bench import compilation


def test_every_kind_is_measured_with_an_empty_cache_and_with_what_that_left(monkeypatch):
    found = []

    def measured(script, environment):
        cache = environment["NUMBA_CACHE_DIR"]
        found.append(sorted(path.name for path in Path(cache).iterdir()))
        assert "OwnTrainer" in script
        (Path(cache) / "kernel.nbc").touch()
        return {"seconds": float(len(found))}

    monkeypatch.setattr(compilation, "run_fresh", measured)
    figures = list(compilation.compilation_figures())
    assert found == [[], ["kernel.nbc"]] * len(compilation.KINDS)
    assert [figure.value for figure in figures] == [float(number) for number in range(1, 9)]
    assert [figure.of for figure in figures[::2]] == list(compilation.KINDS)
