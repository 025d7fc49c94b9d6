"""A process that is ready for a task, and forks for each: no task waits for imports or sees another's state.

Where the system cannot fork safely, each task is a new process, which imports for itself. No process outlives the one
that started it: the warm process ends when its end of the pipe closes, however that came, and kills its task first.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing import connection
from typing import Any

from cci.book import forked
from cci.errors import CCIError

_METHOD = "fork" if forked.AVAILABLE else "spawn"


class Warm:
    """Runs tasks, one at a time, in forks of a process that has called `prepare`, which can be pickled."""

    def __init__(self, prepare: Callable[[], object]):
        self._prepare = prepare
        self._lock = threading.Lock()  # to start and to end may be asked for from different threads
        self._ended = False
        self._start()

    def do(self, task: Callable[..., Any], *given: Any) -> Any:
        """Return what a task returns; it, what it is given and what it returns can be pickled.

        Raises CCIError when it raised anything, or when its process ended before it had returned.
        """
        try:
            self._pipe.send((task, given))
            whole, result = self._pipe.recv()
        except (EOFError, OSError):
            self.renew()
            whole, result = False, "The process that builds has ended by itself; save a file to try again"
        if not whole:
            raise CCIError(result)
        return result

    def renew(self) -> None:
        """Start anew, since code that has been imported has changed; not once it was ended."""
        with self._lock:
            if not self._ended:
                self._stop()
                self._start()

    def end(self) -> None:
        """End the process, and the task that it runs; whoever waits for that is told."""
        with self._lock:
            self._ended = True
            self._stop()

    def _start(self) -> None:
        spawned = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawned.Pipe()
        self._process = spawned.Process(target=_wait_for_tasks, args=(theirs, self._prepare))
        with forked.nothing_to_import_again():
            self._process.start()
        theirs.close()

    def _stop(self) -> None:
        self._process.terminate()
        self._process.join()


def _wait_for_tasks(pipe: connection.Connection, prepare: Callable[[], object]) -> None:
    """What the warm process does."""
    # A terminal sends it to all; the program that we serve says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if _METHOD == "fork":
        prepare()
        gc.collect()
        gc.freeze()  # what is ready is no garbage, and looking through it would copy every page shared with a fork
    while True:
        try:
            task, given = pipe.recv()
        except (EOFError, OSError):
            return
        context = multiprocessing.get_context(_METHOD)
        answers, theirs = context.Pipe(duplex=False)
        process = context.Process(  # type: ignore[attr-defined]
            target=_do, args=(theirs, task, given)
        )
        process.start()
        theirs.close()
        if pipe in connection.wait([answers, pipe]):  # nobody is left to answer
            process.kill()
            return
        try:
            answer = answers.recv()
        except EOFError:
            answer = (False, "The process that builds was killed, perhaps for want of memory; save a file to try again")
        pipe.send(answer)  # whoever waits for it need not wait for the process to be taken down
        process.join()


def _do(pipe: connection.Connection, task: Callable[..., Any], given: Sequence[Any]) -> None:
    """Run one task; this is the fork."""
    threading.Thread(target=forked.end_with_the_program, daemon=True).start()
    try:
        answer = (True, task(*given))
    except Exception as fault:
        answer = (False, f"{type(fault).__name__}: {fault}")
    pipe.send(answer)
