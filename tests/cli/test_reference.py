"""`vgdesk reference` prints the pages that README and window lead to."""

import re
from pathlib import Path

from vgdesk.present.reference import PAGES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_page_is_listed_and_printed(vgdesk):
    assert [line.split()[0] for line in vgdesk("reference").out.splitlines()] == list(PAGES)
    for page in PAGES:
        assert vgdesk("reference", page).out.startswith("# ")


def test_the_readme_links_to_every_page_and_to_no_other():
    assert set(re.findall(r"\(resources/reference/([a-z]+)\.md\)", README)) == set(PAGES)


def test_every_option_that_a_page_names_for_the_command_line_exists(vgdesk):
    told = {option for page in PAGES for option in re.findall(r"`(--[a-z0-9-]+)", vgdesk("reference", page).out)}
    known = "".join(vgdesk(command, "--help").out for command in ("train", "derive", "spectrum", "sweep"))
    assert told
    assert [option for option in sorted(told) if option not in known] == []


def test_an_unknown_page_is_one_sentence(vgdesk):
    done = vgdesk("reference", "optimisers")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "experiments, activations" in done.err
