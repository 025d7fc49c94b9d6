"""The built site, and the tools that judge it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site (CCI_SITE names another)."""
    folder = Path(os.environ.get("CCI_SITE", ROOT / "_build" / "html"))
    if not (folder / "index.html").is_file():
        pytest.fail(f"There is no site in {folder}: run scripts/build first.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def java() -> str:
    """The program that runs the checkers written in Java; where CI is set it must be there."""
    found = shutil.which("java")
    if found is None:
        missing = "Java is not installed (Debian: apt install default-jre-headless)."
        pytest.fail(missing, pytrace=False) if os.environ.get("CI") else pytest.skip(missing)
    return found
