"""Commands ended at any moment leave everything whole, and the next one goes on."""

import killing
import pytest


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return killing.Book(tmp_path_factory.mktemp("killing") / "book")


@pytest.mark.parametrize("command", killing.COMMANDS)
def test_a_killed_command_leaves_everything_whole_and_the_next_goes_on(book, command):
    book.blow = "SIGKILL"
    killing.COMMANDS[command](book)


@pytest.mark.parametrize("blow", ["SIGTERM", "SIGINT", "a child"])
def test_a_run_that_is_told_to_end_or_loses_a_kernel_leaves_no_process_and_no_lock(book, blow):
    book.blow = blow
    book.kill_run()
