"""The editions of the book as others read them: a valid feed from the changelog, with an address and without."""

import tomllib
from pathlib import Path

import feedparser
import pytest
import yaml

from cci.book.site import editions
from cci.book.site.citing import Imprint

ROOT = Path(__file__).parents[1]
BASE = "https://book.example/cci/"
CHANGELOG = """# Changelog

By edition.

## 1.1 (2026-12-01)

A <b>rise</b> & a *fall*.

## 1.0 (2026-11-24)

First.
"""


def read(base):
    return feedparser.parse(editions.feed(editions.entries(CHANGELOG), Imprint("Book", "Authors", "2026", "1.1", base)))


@pytest.mark.parametrize("base", [BASE, ""])
def test_the_feed_is_valid_and_tells_of_every_edition(base):
    feed = read(base)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    for element in (feed.feed, *feed.entries):  # what RFC 4287 demands of a feed and an entry
        assert element.id.startswith("urn:uuid:")
        assert element.title
        assert element.updated_parsed
    assert feed.feed.author == "Authors"
    assert [entry.title for entry in feed.entries] == ["Edition 1.1", "Edition 1.0"]
    assert feed.feed.updated == feed.entries[0].updated == "2026-12-01T00:00:00Z"
    assert "A &lt;b&gt;rise&lt;/b&gt; &amp; a <em>fall</em>." in feed.entries[0].content[0].value
    links = {link.rel: link.href for link in feed.feed.links}
    assert links == {"alternate": f"{base}index.html"} | ({"self": f"{base}editions.xml"} if base else {})


def test_identifiers_differ_and_do_not_depend_on_the_address():
    names = [[feed.feed.id, *(entry.id for entry in feed.entries)] for feed in map(read, (BASE, ""))]
    assert names[0] == names[1]
    assert len(set(names[0])) == 3


def test_only_headings_with_a_version_and_a_day_are_editions():
    assert editions.entries("# Changelog\n\n## Unreleased\n\ntext\n") == []
    assert [entry.version for entry in editions.entries(CHANGELOG)] == ["1.1", "1.0"]


def test_the_latest_edition_is_the_one_to_cite_and_to_install():
    latest = editions.entries((ROOT / editions.CHANGELOG).read_text("utf-8"))[0]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    installed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert (latest.version, latest.day) == (cited["version"], str(cited["date-released"]))
    assert latest.version == installed
