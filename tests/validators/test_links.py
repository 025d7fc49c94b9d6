"""lychee over every link and anchor inside the site: each leads somewhere."""

import json
import subprocess

from cci.book.addresses import lychee


def astray(site):
    """How many links lychee followed inside a site, and those that lead nowhere: page, address, what it says."""
    command = [lychee(), "--offline", "--include-fragments", "--no-progress", "--format", "json", "--extensions",
               "html", "--root-dir", str(site), str(site)]  # fmt: skip
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    wrong = [(page, link["url"], link["status"]["text"]) for page, links in said["error_map"].items() for link in links]
    return said["successful"], wrong


def test_every_link_inside_the_site_leads_somewhere(site):
    followed, wrong = astray(site)
    assert followed > 10_000
    assert wrong == []


def test_a_link_astray_is_found(tmp_path):
    page = '<p id="there">x<a href="#there">a</a><a href="none.html">b</a><a href="#none">c</a><img src="d.png" alt="">'
    (tmp_path / "page.html").write_text(page, "utf-8")
    followed, wrong = astray(tmp_path)
    assert followed == 1
    assert sorted(address.rsplit("/", 1)[1] for _, address, _ in wrong) == ["d.png", "none.html", "page.html#none"]
