"""The same files give the same archive, whenever and wherever it is made."""

import os
import zipfile
from io import BytesIO

from cci.book import archive, paper


def unpacked(content):
    with zipfile.ZipFile(BytesIO(content)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist()}


def test_an_archive_holds_its_files_in_the_order_given():
    members = {"mimetype": b"x", "b/one": b"1" * 1000, "a": b""}
    content = archive.zipped(members)
    assert list(unpacked(content).items()) == list(members.items())
    assert content == archive.zipped(dict(members))
    assert content != archive.zipped(dict(reversed(members.items())))


def test_the_type_of_an_epub_is_not_packed():
    with zipfile.ZipFile(BytesIO(archive.zipped({"mimetype": b"t" * 99, "page": b"t" * 99}))) as opened:
        assert [entry.compress_type for entry in opened.infolist()] == [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


def test_a_folder_is_packed_without_its_days_and_its_place(tmp_path):
    made = []
    for place, day, names in (("here", 1, "ab"), ("there", 10**9, "ba")):
        for name in names:
            file = tmp_path / place / "site" / name / "page.html"
            file.parent.mkdir(parents=True)
            file.write_text(name)
            os.utime(file, (day, day))
        made.append(archive.folder(tmp_path / place / "site", "book"))
    assert made[0] == made[1]
    assert list(unpacked(made[0])) == ["book/a/page.html", "book/b/page.html"]


def test_an_archive_made_elsewhere_loses_its_dates_only(tmp_path):
    for name, year in (("one", 2001), ("two", 2020)):
        with zipfile.ZipFile(tmp_path / name, "w") as opened:
            opened.writestr(zipfile.ZipInfo("page", (year, 1, 1, 0, 0, 0)), b"text")
    one, two = (archive.undated(tmp_path / name) for name in ("one", "two"))
    assert one == two
    assert unpacked(one) == {"page": b"text"}


def test_a_pdf_is_dated_by_the_epoch_and_keeps_its_length():
    printed = b"<< /CreationDate (D:20261124143606+00'00') /ModDate (D:20261124143606+00'00') >>"
    dated = paper.dated(printed, "86400")
    assert dated == printed.replace(b"20261124143606", b"19700102000000")
    assert len(dated) == len(printed)
    assert paper.dated(printed, None) == printed
