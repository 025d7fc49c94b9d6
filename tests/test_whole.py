"""Files and folders change in one step, and a swap that was cut short is ended by the next command."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cci.book import whole


class Killed(BaseException):
    """Ends a step where kill -9 would."""


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "page").write_text(text)
    return path


def test_a_folder_takes_the_place_of_another(tmp_path):
    site, made = folder(tmp_path / "site", "old"), folder(tmp_path / "made", "new")
    whole.replace(site, made)
    assert (site / "page").read_text() == (made / "page").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "site"]


def test_files_that_the_folder_holds_already_are_taken_over_and_all_others_copied(tmp_path):
    site, made = folder(tmp_path / "site", "old"), tmp_path / "made"
    shutil.copytree(site, made)
    (made / "other").write_text("new")
    held = (site / "page").stat().st_ino
    whole.replace(site, made)
    assert (site / "page").stat().st_ino == held != (made / "page").stat().st_ino
    assert (site / "page").stat().st_nlink == 1  # the old folder is gone, so nothing else names these bytes
    assert (site / "other").stat().st_ino != (made / "other").stat().st_ino
    (made / "page").write_text("new")  # of the same size, at another time
    whole.replace(site, made)
    assert (site / "page").read_text() == "new"


def test_without_second_names_all_is_copied(tmp_path, monkeypatch):
    site = folder(tmp_path / "site", "old")
    made = Path(shutil.copytree(site, tmp_path / "made"))

    def refused(*_):
        raise OSError("no second names on this file system")

    monkeypatch.setattr(os, "link", refused)
    whole.replace(site, made)
    assert (site / "page").read_text() == "old"


# The steps of a swap at which a process may end: what it has called by then, and what the next command finds.
CUTS = {"copying": ("copytree", 0, "old"), "the copy whole": ("rename", 0, "old"), "before the old goes": (
    "rename", 1, "old"), "between the renames": ("rename", 2, "new"), "before the old is removed": (
    "rmtree", 0, "new")}  # fmt: skip


@pytest.mark.parametrize("cut", CUTS)
def test_a_swap_cut_short_anywhere_leaves_a_whole_folder_to_the_next_command(tmp_path, monkeypatch, cut):
    call, times, expected = CUTS[cut]
    site, made = folder(tmp_path / "site", "old"), folder(tmp_path / "made", "new")
    owner = Path if call == "rename" else shutil
    ordinary, calls = getattr(owner, call), []

    def killed(*arguments, **options):
        if len(calls) == times:
            raise Killed
        calls.append(arguments)
        return ordinary(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(owner, call, killed)
        with pytest.raises(Killed):
            whole.replace(site, made)
    whole.recover(site)
    assert (site / "page").read_text() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "site"]


def test_what_is_named_is_left_out_of_the_copy_at_any_depth(tmp_path):
    site, made = folder(tmp_path / "site", "old"), folder(tmp_path / "made", "new")
    for note in (made / ".note", made / "deep" / ".note"):
        note.parent.mkdir(exist_ok=True)
        note.write_text("x")
    whole.replace(site, made, without=(".note",))
    assert sorted(path.name for path in site.rglob("*")) == ["deep", "page"]


def test_half_a_copy_is_never_taken_for_the_site(tmp_path):
    folder(tmp_path / ".site.part", "half")
    whole.recover(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_folder(tmp_path, monkeypatch):
    site, made = folder(tmp_path / "site", "old"), folder(tmp_path / "made", "new")

    def full(_, part, **options):
        folder(part, "ha")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError, match="No space left"):
        whole.replace(site, made)
    assert (site / "page").read_text() == "old"


def test_leftovers_of_killed_writers_are_removed_and_nothing_else(tmp_path):
    for name in (".page.abc.aside", ".keep", "page"):
        (tmp_path / name).write_text("x")
    whole.tidy(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".keep", "page"]
