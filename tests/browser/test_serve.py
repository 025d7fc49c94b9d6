"""The book as it is being written: a save shows in the open page, a fault is told there and gone once put right."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import yaml

import cci
from cci.book import normalise

ROOT = Path(__file__).parents[2]
FIGURE = "weekly_flights-route-ckg-sin-2025-11-10-1"
LONG = "\n\n".join(f"Paragraph {n}." for n in range(80))
PATIENCE = 60_000  # milliseconds
BANNER = "#cci-serve[role=alert]"


def start(book: Path, *options: str) -> subprocess.Popen:
    command = [str(Path(sys.executable).with_name("cci")), "serve", *options]
    return subprocess.Popen(command, cwd=book, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def lines_until(process: subprocess.Popen, pattern: str) -> list[str]:
    """What the command says up to a line that matches; no other end of a build may come before."""
    said = []
    for line in process.stdout:
        said.append(line.rstrip())
        if re.search(pattern, line):
            return said
        if re.match("built|not built", line):
            break
    pytest.fail(f"no {pattern!r} in {said}")


def descendants(pid: int) -> set[int]:
    """Every process below one, by the numbers of their parents."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def running(pid: int) -> str:
    """The command of a process, empty once it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A small book with the real settings and a copy of the record, served."""
    book = tmp_path_factory.mktemp("book")
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    icon = Path(config["html"]["favicon"])
    (book / icon).parent.mkdir(parents=True)
    shutil.copy(ROOT / icon, book / icon)
    config["sphinx"]["config"]["cci_data"] = "data"
    shutil.copytree(cci.DEFAULT, book / "data")
    (book / "chapters").mkdir()
    (book / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: chapters/first\n", "utf-8")
    (book / "index.md").write_text(f"# A book\n\nNow {{obs}}`{FIGURE}`.\n\n{LONG}\n", "utf-8")
    cells = [nbformat.v4.new_markdown_cell("# First")]
    declared = "as_of = None  # date or None: a day\nsince = 2014  # int: a year"
    cells.append(nbformat.v4.new_code_cell(declared, metadata={"tags": ["parameters"]}))
    cells.append(nbformat.v4.new_code_cell("print(since)"))
    notebook = normalise.text(nbformat.v4.new_notebook(cells=cells))
    (book / "chapters" / "first.ipynb").write_text(notebook, "utf-8")
    before = (book / "chapters" / "first.ipynb").read_bytes()
    drawn = Path("_build", "aside", "_build", ".chart-cache")  # with the pictures that the built site has
    if (ROOT / drawn).is_dir():
        shutil.copytree(ROOT / drawn, book / drawn)
    process = start(book, "--port", "0")
    said = lines_until(process, "^built in")
    address = re.search(r"http://127\.0\.0\.1:\d+/", said[0]).group()
    yield SimpleNamespace(book=book, process=process, address=address, said=said, chapter=before)
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_first_build_runs_what_was_never_run_and_says_so(served):
    assert "run: first" in served.said
    assert "not yet accepted: first (cci accept first)" in served.said


def test_a_saved_sentence_shows_in_the_open_page_at_the_same_place(served, open_page):
    with open_page() as page:
        page.goto(served.address)
        page.evaluate("scrollTo({top: 700, behavior: 'instant'})")
        text = (served.book / "index.md").read_text("utf-8")
        aside = served.book / "index.md.tmp"  # as editors save that write by renaming
        for n in range(10):
            aside.write_text(text + f"\nA sentence saved {n} times over.\n", "utf-8")
            aside.replace(served.book / "index.md")
        page.get_by_text("A sentence saved 9 times over.").wait_for(timeout=PATIENCE)
        said = lines_until(served.process, "^built in")
        assert sum(line.startswith("changed:") for line in said) == 1
        assert not [line for line in said if line.startswith("run:")]
        page.wait_for_function("Math.abs(scrollY - 700) < 5")
        assert page.troubles == []


def test_outputs_of_a_new_run_are_shown_as_not_accepted_and_chapters_stay_as_they_are(served, open_page):
    with open_page() as page:
        page.goto(f"{served.address}chapters/first.html")
        assert page.get_by_text("Not yet accepted").is_visible()
        assert page.get_by_text("cci accept first").is_visible()
        assert page.locator(".cell_output").get_by_text("2014").is_visible()
    assert (served.book / "chapters" / "first.ipynb").read_bytes() == served.chapter


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("chapters/first.ipynb", "print(since)", "print(missing)", "first: cell 2 (print(missing)) raised NameError"),
        ("index.md", f"{{obs}}`{FIGURE}`", "{obs}`no-such-figure`", "index.md, line 3: "),
        ("data/observations.csv", "2025-11-10,", "2025-31-10,", "observations.csv, line "),
        ("_toc.yml", "chapters/first", "chapters/absent", "_toc.yml lists chapters/absent, without a file"),
    ],
    ids=["a broken cell", "a wrong name", "a broken row", "a missing page"],
)
def test_a_fault_is_told_in_page_and_terminal_and_gone_once_put_right(served, open_page, file, old, new, told):
    path = served.book / file
    good = path.read_bytes()
    with open_page() as page:
        page.goto(served.address)
        path.write_bytes(good.replace(old.encode(), new.encode(), 1))
        banner = page.locator(BANNER)
        banner.wait_for(timeout=PATIENCE)
        assert told in banner.inner_text()
        assert "Correct it and save" in banner.inner_text()
        assert page.locator("h1").inner_text().startswith("A book")  # the last good state
        assert told in "\n".join(lines_until(served.process, "^not built"))
        path.write_bytes(good)
        banner.wait_for(state="detached", timeout=PATIENCE)
        lines_until(served.process, "^built in")


def test_a_new_chapter_shows_with_its_charts_and_without_a_warning(served, open_page):
    new = [str(Path(sys.executable).with_name("cci")), "new", "ports"]
    subprocess.run(new, cwd=served.book, check=True, capture_output=True)
    assert "run: ports" in lines_until(served.process, "^built in")
    with open_page() as page:
        page.goto(f"{served.address}chapters/ports.html")
        assert page.locator("figure.cci-chart").count() == 3
        assert page.get_by_text("Not yet accepted").is_visible()


def test_the_site_that_is_published_holds_nothing_of_it(served):
    assert not (served.book / "_build" / "html").exists()
    for page in (served.book / "_build" / "serve" / "html").rglob("*.html"):
        assert "cci-serve" not in page.read_text("utf-8")


def test_no_other_host_and_no_file_outside_is_served(served):
    request = urllib.request.Request(served.address, headers={"Host": "example.org"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request)
    for path in ("..%2f..%2f..%2f_config.yml", "%2e%2e/state", "../state"):
        with pytest.raises(urllib.error.HTTPError, match=r"40[34]"):
            urllib.request.urlopen(f"{served.address}{path}")


def test_a_second_one_and_a_taken_port_are_refused(served, tmp_path):
    second = start(served.book, "--port", "0")
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "is in use by another cci serve of this book (process" in said
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    other = start(tmp_path, "--port", served.address.rstrip("/").rpartition(":")[2])
    said, _ = other.communicate(timeout=60)
    assert other.returncode == 1
    assert re.search(r"Port \d+ of 127\.0\.0\.1 is in use by another program; choose another: cci serve --port", said)


def test_it_ends_when_told_to_and_leaves_no_process(served):
    below = descendants(served.process.pid)
    assert below
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=30) == 0
    deadline = time.monotonic() + 10
    while left := {pid: command for pid in below if (command := running(pid))}:
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
