"""How much of what goes wrong with figures is refused by the check or flagged by the audit, by class of fault."""

from __future__ import annotations

import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import faults
import pytest

import cci
from cci.book.site import evidence
from cci.book.site.citing import Imprint
from cci.book.site.figures import Press
from cci.book.site.links import Links
from cci.book.site.shelf import Shelf
from cci.record import tables

RECORD = Path(__file__).parents[1] / "data"

IMPRINT = Imprint(book="Book", author="Its authors", year="2026", version="1.0", base="")


def told(title, caught, total):
    """Print caught of total by class; shown by pytest -s, and with every failure."""
    print(f"\n{title}: {sum(caught.values())} of {sum(total.values())} caught")
    for name in total:
        print(f"  {name}: {caught[name]} of {total[name]}")


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Path(shutil.copytree(RECORD, tmp_path_factory.mktemp("faults") / "data"))


def test_every_seeded_fault_of_form_is_refused_in_the_file_where_it_is(copy):
    caught, total, missed = Counter(), Counter(), []
    for name, table, changed in faults.by_form(RECORD):
        path = copy / f"{table}.csv"
        before = path.read_bytes()
        assert changed != before, (name, table)
        path.write_bytes(changed)
        found = {problem.file for problem in tables.problems(copy)}
        path.write_bytes(before)
        total[name] += 1
        caught[name] += str(path) in found
        if str(path) not in found:
            missed.append((name, table))
    told("faults of form", caught, total)
    assert sum(total.values()) >= 150
    assert missed == []


def test_every_slip_that_is_known_to_be_caught_still_is(copy):
    known = {one["row"]: one["met"] for one in faults.listed()}
    slips = [(one["class"], one["row"]) for one in faults.listed()]
    met = faults.judged(RECORD, copy, slips)
    told("slips", Counter(name for name, one in slips if met[one] != "missed"), Counter(name for name, _ in slips))
    print("missed:", *(f"{name}: {one}" for name, one in slips if met[one] == "missed"), sep="\n  ")
    lost = [one for one in met if met[one] == "missed" != known[one]]
    assert lost == []
    # What is caught by now belongs into the list, so that it stays caught: python tests/faults.py
    assert [one for one in met if known[one] == "missed" != met[one]] == []


def test_at_least_two_hundred_faults_are_put_in():
    assert sum(1 for _ in faults.by_form(RECORD)) + len(faults.listed()) + len(faults.HOSTILE) >= 200


class Structure(HTMLParser):
    """What a browser makes of a page: its elements with the names of their attributes, its addresses, its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.addresses, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, *(name for name, _ in attributes)))
        self.addresses += [value for name, value in attributes if name in ("href", "src", "action", "srcset")]

    def handle_data(self, data):
        self.text += data


def test_hostile_text_in_the_cells_of_a_figure_stays_text_on_its_page(tmp_path):
    obs_id = "gov_commercial_projects_count-cci-2025-12-15-1"
    shelf = Shelf(cci.load())
    figure = shelf.observations[obs_id]
    indicator = figure["indicator"]

    def page(text):
        """The evidence on the figure's indicator, with a text in every free cell that it shows."""
        for row in shelf.by_indicator[indicator]:
            if row["obs_id"] == obs_id:
                row.update(dict.fromkeys(("note", "as_stated", "locator"), text))
        shelf.sources[figure["source_id"]].update(dict.fromkeys(("title", "publisher", "note"), text))
        shelf.indicators[indicator].update(dict.fromkeys(("label", "definition", "trap"), text))
        links = Links("", shelf.indicator_of)
        press = Press(tmp_path, tmp_path)
        return Structure(evidence.page_html(indicator, shelf, links, [], press=press, imprint=IMPRINT))

    plain = page("plain words")
    assert plain.text.count("plain words") > 3
    for text in faults.HOSTILE:
        found = page(text)
        assert (found.elements, found.addresses) == (plain.elements, plain.addresses), text
        assert found.text.count(text) > 3, text
