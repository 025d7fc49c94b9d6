"""The built site, and the tools that judge it."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def java() -> str:
    """The program that runs the checkers written in Java; where CI is set it must be there."""
    found = shutil.which("java")
    if found is None:
        missing = "Java is not installed (Debian: apt install default-jre-headless)."
        pytest.fail(missing, pytrace=False) if os.environ.get("CI") else pytest.skip(missing)
    return found
