"""Kernels forked from a process that has imported what every chapter imports, so that none imports it again.

The process is multiprocessing's fork server: it runs nothing of a chapter, and each kernel is a fork of it with a
session, a working directory and an environment of its own, so that no chapter can see another's state. It ends with
the process that started it, and its kernels with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import forkserver
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

_STARTING = threading.Lock()
MEMORY_LIMIT = 4 * 2**30  # bytes of data that a kernel may hold: beyond it the cell fails, not the machine
LAUNCHER = "ipykernel_launcher"  # the module that a command for an own process runs
AVAILABLE = "forkserver" in multiprocessing.get_all_start_methods() and sys.platform == "linux"


class Forked(LocalProvisioner):
    """Provides a kernel as a fork; everything else is jupyter_client's own way with a local process."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Fork a kernel; of the command only the arguments of the kernel are used, the interpreter is this one."""
        log = getattr(self.parent, "log_path", "") or os.devnull
        arguments = cmd[cmd.index(LAUNCHER) + 1 :]
        kernel = _Process(arguments, options.get("env") or os.environ, options.get("cwd") or os.getcwd(), log)
        self.process = kernel  # type: ignore[assignment]  # all that is asked of a Popen, it answers
        self.pid = self.pgid = kernel.pid  # a session of its own, so that signals reach what a cell has started
        self.cwd = options.get("cwd")
        return self.connection_info


class _Process:
    """A forked kernel with the face of `subprocess.Popen` that a provisioner knows."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: str, log: str):
        forks = multiprocessing.get_context("forkserver")
        serve()
        task = (arguments, dict(environment), str(folder), log)
        self._process = forks.Process(target=_kernel, args=task, daemon=True)  # none outlives this program
        with _STARTING, nothing_to_import_again(), _from_a_daemon():
            self._process.start()

    @property
    def pid(self) -> int:
        pid = self._process.pid
        assert pid is not None  # set by start
        return pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def serve() -> None:
    """Start the fork server unless it runs; it imports on its own."""
    forkserver.set_forkserver_preload(["cci.book.preloaded"])
    with _STARTING, nothing_to_import_again():
        forkserver.ensure_running()


@contextlib.contextmanager
def nothing_to_import_again() -> Iterator[None]:
    """Hide the file of this program: multiprocessing would run it in every child, and a kernel needs none of it."""
    main = sys.modules["__main__"]
    kept = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in kept:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(main, name, value)


@contextlib.contextmanager
def _from_a_daemon() -> Iterator[None]:
    """Let a daemon have children, as the workers of a cluster are: multiprocessing forbids it, lest they outlive it.

    A kernel outlives nobody: it ends with the process that wanted it, however that ends.
    """
    settings = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    daemon = settings.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            settings["daemon"] = daemon


def _kernel(arguments: Sequence[str], environment: Mapping[str, str], folder: str, log: str) -> None:
    """Become a kernel; runs in the fork."""
    import resource

    sys.modules["debugpy"] = None  # type: ignore[assignment]  # nobody steps through a chapter; a kernel would import it
    os.setsid()
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, log, os.O_APPEND | os.O_WRONLY)):
        opened = os.open(name, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.dup2(1, 2)
    threading.Thread(target=end_with_the_program, daemon=True).start()
    sys.argv = [LAUNCHER, *arguments]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance(argv=list(arguments))


def end_with_the_program() -> None:
    """End with the program that wanted the kernel: the parent by number is the fork server, which goes later."""
    program = multiprocessing.parent_process()
    assert program is not None
    program.join()
    os._exit(1)
