"""The package works from a built wheel, far from the repository, with the record inside."""

import subprocess
import sys
import zipfile
from pathlib import Path

import cci

ROOT = Path(__file__).parents[1]


def test_a_wheel_carries_the_record_and_loads_it(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(tmp_path.glob("cci-*.whl"))
    installed = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(installed)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import cci; record = cci.load();"
        "assert str(cci.DEFAULT).startswith(sys.argv[1]), cci.DEFAULT; print(len(record.observations))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(installed)], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(len(cci.load().observations))
