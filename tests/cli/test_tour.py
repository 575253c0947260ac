"""Without a display the plain command does the main job in the terminal."""

import subprocess
import sys

import pytest

from vgdesk.cli.tour import FOLDER, run_tour


@pytest.fixture(scope="module")
def tour(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    done = subprocess.run(
        [sys.executable, "-m", "vgdesk"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return folder, done


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_the_tour_says_why_no_window_opened_and_succeeds(tour):
    _, done = tour
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("No window opened: ")


def test_a_file_that_cannot_be_exported_does_not_hide_the_others(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / FOLDER / "insurance-w1.svg").mkdir(parents=True)
    run_tour("A test.")
    lines = capsys.readouterr().out.splitlines()[-5:]
    assert [line.startswith("wrote ") for line in lines] == [True, False, True, True, True]
    assert "insurance-w1.svg': it is a folder, not a file" in lines[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_the_tour_shows_derivation_table_and_files(tour):
    folder, done = tour
    assert "0.03 × 0.05" in done.stdout
    assert "█" in done.stdout
    written = [line.removeprefix("wrote ") for line in done.stdout.splitlines() if line.startswith("wrote ")]
    assert len(written) == 5
    assert all((folder / name).stat().st_size > 0 for name in written)
