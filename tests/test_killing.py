"""Commands killed at any moment leave everything whole, and the next one goes on."""

import killing
import pytest


@pytest.mark.parametrize(
    "killed", [{"runs": 1, "acceptances": 2}, {"builds": 1}, {"adds": 2, "sweeps": 1, "editions": 1}], ids="-".join
)
def test_a_killed_command_leaves_everything_whole_and_the_next_goes_on(tmp_path, killed):
    killing.kill(tmp_path / "book", **killed)
