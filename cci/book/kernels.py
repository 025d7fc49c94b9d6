"""Start the kernels that execute chapters: forked, over IPC sockets, in this interpreter, gone at once when told to go.

papermill runs take `AsyncKernelManager`; nbval, which is synchronous, takes `KernelManager`. Where the system cannot
fork or has no IPC (macOS, Windows) both behave as jupyter_client's own. `kernel_spec` is the one place that says how a
kernel is launched.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import sys
import tempfile
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

import ipykernel.kernelspec
import jupyter_client
import zmq
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_core.utils import run_sync
from traitlets import Bool, Type, Unicode, default

from cci.book import forked

IPC = sys.platform != "win32"  # libzmq has no dependable IPC transport there
OUTPUT_LIMIT = 50_000_000  # bytes that a chapter may say: forty times the longest of the book
SOCKET_PATH_LIMIT = 103  # bytes: macOS allows 104 with the closing NUL, Linux 108

_running: weakref.WeakSet[_Private] = weakref.WeakSet()


def kernel_spec() -> KernelSpec:
    """Return how to launch a kernel: the interpreter that runs this process, whatever kernels the machine has."""
    return KernelSpec(resource_dir=ipykernel.kernelspec.RESOURCES, **ipykernel.kernelspec.get_kernel_dict())


def socket_folder(candidates: Iterable[str] | None = None) -> Path:
    """Make a private folder whose sockets stay below the length that the system allows for a socket's path."""
    for parent in candidates or (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        # Worst case below the parent: /cci-XXXXXXXX/k-ipc-5
        if len(os.fsencode(parent)) + 22 <= SOCKET_PATH_LIMIT and os.access(parent, os.W_OK):
            return Path(tempfile.mkdtemp(prefix="cci-", dir=parent))
    raise OSError("No writable folder with a short path for the kernels' sockets; set TMPDIR to one, as in TMPDIR=/tmp")


def anticipate() -> None:
    """Let what kernels are forked from import meanwhile, where it can: one will be wanted soon."""
    if forked.AVAILABLE:
        forked.serve()


def kill_running() -> None:
    """Kill every kernel that this process still runs: for an interrupted command, which must not wait for a cell."""
    for manager in list(_running):
        manager.end_for("it was ended with the command")


class _Private(jupyter_client.KernelManager):
    """A kernel with a folder of its own for sockets, connection file and IPython's settings, removed with it."""

    log_path = Unicode(config=True, help="File that takes what the kernel's process writes outside of cells")
    forked = Bool(forked.AVAILABLE, config=True, help="Fork kernels from a process that has imported already")
    _remove_folder: Callable[[], object] | None = None

    @default("transport")
    def _transport_default(self) -> str:
        # TCP ports are chosen before the kernel binds them, so two starting kernels can meet on one; sockets cannot.
        return "ipc" if IPC else "tcp"

    @property
    def kernel_spec(self) -> KernelSpec:
        if self._kernel_spec is None:
            self._kernel_spec = kernel_spec()
        return self._kernel_spec

    async def _async_pre_start_kernel(self, **options: Any) -> tuple[list[str], dict[str, Any]]:
        if IPC:
            options["env"] = self._settle_in(dict(options.get("env") or os.environ))
        if "stderr" not in options:
            with open(self.log_path or os.devnull, "ab") as log:
                options["stdout"] = options["stderr"] = os.dup(log.fileno())
        if self.forked and self.provisioner is None and forked.LAUNCHER in self.kernel_spec.argv:
            self.provisioner = forked.Forked(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        command, options = await super()._async_pre_start_kernel(**options)
        return command, options

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        try:
            await super()._async_launch_kernel(kernel_cmd, **options)
        finally:
            if isinstance(log := options.get("stderr"), int):
                os.close(log)
        _running.add(self)

    def end_for(self, reason: str) -> None:
        """Kill the kernel, and leave the reason as the last of what its process wrote."""
        if self.log_path:
            with suppress(FileNotFoundError), open(self.log_path, "a", encoding="utf-8") as log:  # gone with its run
                log.write(f"\n{reason}\n")
        pid = getattr(self.provisioner, "pid", None)
        if self.has_kernel and pid:
            with suppress(OSError):
                os.kill(pid, signal.SIGTERM if not IPC else signal.SIGKILL)

    def _settle_in(self, environment: dict[str, str]) -> dict[str, str]:
        if self._remove_folder is None:
            folder = socket_folder()
            self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self.connection_file = str(folder / "k.json")
            self.ip = str(folder / "k-ipc")
        # A reader's own start-up files must not change what a chapter says.
        environment.pop("PYTHONSTARTUP", None)
        return environment | {"IPYTHONDIR": str(Path(self.connection_file).parent / "ipython")}

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        # A killed process is gone within a millisecond; jupyter_client looks again after a tenth of a second.
        await super()._async_wait(pollinterval=min(pollinterval, 0.005))

    def cleanup_ipc_files(self) -> None:
        super().cleanup_ipc_files()
        # The connection file is forgotten just before on shutdown, but kept when the kernel is restarted.
        if self._remove_folder is not None and not self._connection_file_written:
            self._remove_folder()
            self._remove_folder = None


async def _answering(client: jupyter_client.KernelClient, timeout: float | None = None) -> None:
    """Return when the kernel answers on both channels; RuntimeError when it dies or takes over `timeout` seconds.

    jupyter_client's own then waits for 0.2 s of silence, to drop messages of the start. papermill and nbval need no
    such silence: they ignore every message that does not answer the cell they run.
    """
    deadline = time.monotonic() + (math.inf if timeout is None else timeout)
    while time.monotonic() < deadline:
        client.kernel_info()
        try:
            client._handle_kernel_info_reply(await client._async_get_shell_msg(timeout=1))
            await client._async_get_iopub_msg(timeout=0.2)  # none: sent before we were subscribed, so ask again
            return
        except Empty:
            if not await client._async_is_alive():
                raise RuntimeError("the kernel ended while it was starting") from None
    raise RuntimeError(f"the kernel did not answer within {timeout:g} seconds")


class KernelClient(jupyter_client.BlockingKernelClient):
    """The client of a `KernelManager`, which listens while it waits for an answer.

    nbval reads what a cell puts out only after its answer, so that one which never stops was waited for in vain.
    """

    wait_for_ready = run_sync(_answering)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._heard: deque[dict[str, Any]] = deque()
        self._received = 0

    def get_shell_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next answer. Raises Empty without one in time, RuntimeError once none can come any more."""
        deadline = time.monotonic() + (math.inf if timeout is None else timeout)
        answers, said = self.shell_channel, self.iopub_channel
        manager: Any = self.parent
        poller = zmq.Poller()
        for channel in (answers, said):
            poller.register(channel.socket, zmq.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(poller.poll(math.ceil(1000 * min(left, 1))))
            if said.socket in ready:
                self._heard.append(said.get_msg())
                self._received += _size(self._heard[-1])
                if self._received > OUTPUT_LIMIT:
                    manager.end_for(_too_much())
                    raise RuntimeError(_too_much())
            if answers.socket in ready:
                return answers.get_msg()
            if not ready and not manager.is_alive():
                raise RuntimeError("the kernel ended before it answered")
        raise Empty

    def get_iopub_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message of what the kernel says. Raises Empty without one in time."""
        return self._heard.popleft() if self._heard else super().get_iopub_msg(timeout=timeout)


def _size(message: dict[str, Any]) -> int:
    return len(repr(message["content"]))


def _too_much() -> str:
    return f"it was ended, as the chapter put out more than {OUTPUT_LIMIT // 10**6} MB"


class _Said(AsyncZMQSocketChannel):
    """What a kernel says; it is ended once that is more than the notebook of a chapter should hold."""

    received = 0
    end_for: Callable[[str], None]

    async def _recv(self, **options: Any) -> dict[str, Any]:  # type: ignore[override]  # as its parent is
        message: dict[str, Any] = await super()._recv(**options)
        before = self.received
        self.received += _size(message)
        if before <= OUTPUT_LIMIT < self.received:
            self.end_for(_too_much())
        if self.received > OUTPUT_LIMIT:
            message["parent_header"] = {}  # what is still on its way answers no cell, and so is dropped
        return message


class AsyncKernelClient(jupyter_client.AsyncKernelClient):
    """The client of an `AsyncKernelManager`."""

    wait_for_ready = _answering
    iopub_channel_class = Type(_Said)

    @property
    def iopub_channel(self) -> Any:
        channel = super().iopub_channel
        manager: Any = self.parent
        channel.end_for = manager.end_for
        return channel


class KernelManager(_Private):
    """The synchronous manager, for nbval."""

    client_factory = Type(default_value=KernelClient, klass=jupyter_client.BlockingKernelClient)


class AsyncKernelManager(_Private, jupyter_client.AsyncKernelManager):
    """The asynchronous manager, for papermill."""

    client_factory = Type(default_value=AsyncKernelClient, klass=jupyter_client.AsyncKernelClient)
