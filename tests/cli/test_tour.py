"""Without a display the plain command does the main job in the terminal."""

import subprocess
import sys

import pytest


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a display")
def test_the_tour_shows_derivation_table_and_files(tour):
    folder, done = tour
    assert "0.03 × 0.05" in done.stdout
    assert "█" in done.stdout
    written = [line.removeprefix("wrote ") for line in done.stdout.splitlines() if line.startswith("wrote ")]
    assert len(written) == 5
    assert all((folder / name).stat().st_size > 0 for name in written)
