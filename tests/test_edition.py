"""A whole edition under other parameters is made beside the book, which stays as it is."""

from __future__ import annotations

import pytest
import yaml
from typer.testing import CliRunner

from cci.book import normalise
from cci.book.edition import edition
from cci.cli import app
from cci.errors import ParameterError


@pytest.fixture
def settled(book):
    """The small book with settings, editions and a page that includes another file."""
    (book.root / "_config.yml").write_text("title: A book\nhtml:\n  favicon: mark.svg\n", encoding="utf-8")
    (book.root / "mark.svg").write_text("<svg/>", encoding="utf-8")
    (book.root / "editions.yml").write_text("late:\n  since: 2018\n  second:\n    since: 2020\n", encoding="utf-8")
    (book.root / "data").mkdir()
    (book.root / "data" / "words.md").write_text("Words.", encoding="utf-8")
    (book.chapters / "index.md").write_text("# A book\n\n```{include} ../data/words.md\n```\n", encoding="utf-8")
    return book


def shown(place, chapter):
    cells = normalise.code_cells(normalise.read(place / "chapters" / f"{chapter}.ipynb"))
    return [(cell.id, [o.get("text") or o.data["text/plain"] for o in cell.outputs]) for cell in cells]


def test_an_edition_holds_pages_settings_and_chapters_with_the_outputs_of_its_runs(settled):
    before = settled.bytes()
    done = CliRunner().invoke(app, ["edition", "late"])
    assert (done.exit_code, done.stdout) == (0, "_build/editions/late/source\n")
    place = settled.root / done.stdout.strip()
    assert shown(place, "first")[1:3] == [("injected-parameters", []), ("cell-2", ["2018\n", "2018"])]
    assert shown(place, "second")[-1] == ("cell-2", ["2021"])
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"_toc.yml", "mark.svg", "data/words.md", "chapters/index.md"} <= files
    settings = yaml.safe_load((place / "_config.yml").read_text(encoding="utf-8"))
    assert settings["title"] == "A book, edition late"
    notice = settings["sphinx"]["config"]["html_theme_options"]["announcement"]
    assert notice == "Edition late, not the published one: since 2018, second: since 2020. Text as published."
    assert settled.bytes() == before


def test_an_edition_is_replaced_as_a_whole(settled):
    place = edition("late", {"since": 2018})
    (place / "stray.md").write_text("left over", encoding="utf-8")
    assert edition("late", {"since": 2019}) == place
    assert not (place / "stray.md").exists()
    assert [path.name for path in place.parent.iterdir()] == ["source"]


@pytest.mark.parametrize("name", ["../up", "Late", "", "a/b", ".hidden"])
def test_a_name_that_is_no_folder_is_refused(settled, name):
    with pytest.raises(ParameterError, match="names no edition"):
        edition(name, {})


def test_an_unknown_edition_is_refused_with_the_nearest(settled):
    refused = CliRunner().invoke(app, ["edition", "lat"])
    assert refused.exit_code == 2
    assert "Did you mean 'late'?" in refused.stderr
