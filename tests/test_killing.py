"""Commands killed at any moment leave everything whole, and the next one goes on."""

import killing
import pytest


@pytest.mark.parametrize(("runs", "acceptances", "builds"), [(1, 2, 0), (0, 0, 1)], ids=["run and accept", "build"])
def test_a_killed_command_leaves_everything_whole_and_the_next_goes_on(tmp_path, runs, acceptances, builds):
    killing.kill(tmp_path / "book", runs=runs, acceptances=acceptances, builds=builds)
