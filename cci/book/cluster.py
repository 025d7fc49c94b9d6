"""Execute chapters by the workers of a running Dask cluster, whose machines need not share a disk with this one.

A worker gets a notebook and its parameters as text, and returns the executed notebook as text: the run is kept by the
machine that asked, as any other. Its results could differ only where code, packages or record do, so these are compared
on every worker before anything is sent, and once more by the worker before each execution. That a worker may die, join
or be slow is the scheduler's to handle.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from cci.book import normalise
from cci.book import stamp as stamps
from cci.book.inputs import Present
from cci.book.run import TIMEOUT, Executed, Job, perform
from cci.errors import CCIError

if TYPE_CHECKING:
    import distributed

PATIENCE = 5.0  # seconds for a scheduler to answer, and for a first worker to appear
WITHOUT_WORKERS = 30.0  # seconds: as long as a worker that died may take to be started again
RETRIES = 2  # of an execution that a worker could not even begin, as for a full disk
# What this process has loaded; files that changed since then are not what it would execute.
_LOADED = stamps.sources()


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to the scheduler at `address`, as in tcp://10.0.0.5:8786, and compare every worker with this machine.

    Raises CCIError where the extra is not installed, the scheduler does not answer, has no worker, or has one of
    another version of code, packages or record: each is named with both versions.
    """
    try:
        import distributed
    except ImportError as missing:
        raise CCIError(f"--scheduler needs dask.distributed ({missing}); pip install -e '.[cluster]'") from missing
    here = made_from()
    with _quiet("distributed", "distributed.client"), _client(distributed, address) as client:
        _compare(client, address, here)
        yield Cluster(client, address, here)


class Cluster:
    """Workers of one scheduler that were found to be `here`, which is what this machine is (`made_from`)."""

    def __init__(self, client: distributed.Client, address: str, here: Mapping[str, Any]):
        self._client = client
        self._address = address
        self._here = here

    @property
    def threads(self) -> int:
        """How many chapters the workers execute at a time."""
        return sum(self._client.nthreads().values())

    def perform(self, jobs: Sequence[Job]) -> Generator[tuple[Job, Executed], None, None]:
        """Yield each job as it ends with what it came to, one that ends its workers or cannot be executed as failed.

        Raises CCIError where the scheduler or every worker is lost, or a worker has changed; jobs not yielded by then
        are not done, and are taken back.
        """
        from distributed import KilledWorker

        suspects = []
        for job, outcome in self._outcomes(jobs):
            if isinstance(outcome, KilledWorker):
                suspects.append(job)
            else:
                yield job, _executed(job, outcome)
        for job in suspects:  # by itself: what only waited at a worker that another one ended gets through
            yield from ((one, _executed(one, outcome)) for one, outcome in self._outcomes([job]))

    def _outcomes(self, jobs: Sequence[Job]) -> Generator[tuple[Job, Any], None, None]:
        """Yield each job with what `execute` returned for it, or with the exception that ended it."""
        from concurrent.futures import CancelledError

        from distributed import as_completed

        sent = {self._client.submit(execute, _task(job, self._here), pure=False, retries=RETRIES): job for job in jobs}
        try:
            while sent:
                try:
                    for future in as_completed(list(sent), timeout=WITHOUT_WORKERS):
                        reason = future.exception() if future.status == "error" else None
                        if future.status not in ("finished", "error"):
                            raise CancelledError
                        yield sent.pop(future), reason or self._checked(future.result())
                except TimeoutError:
                    if not self._client.nthreads():
                        raise CCIError(f"no worker is left at {self._address}; {_GO_ON}") from None
        except (CancelledError, OSError) as lost:
            raise CCIError(f"the scheduler at {self._address} was lost; {_GO_ON}") from lost
        finally:
            for future in sent:
                future.release()

    def _checked(self, told: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(told)
        if refused := answer.get("refused"):
            raise CCIError(f"{refused}; {_GO_ON}")
        return answer


_GO_ON = "what is done is kept, and the same command goes on from there"


def execute(task: str) -> str:
    """Execute a task of `Cluster`; runs in a worker. Both texts are JSON."""
    given = json.loads(task)
    if found := differences(given["made_from"], made_from()):
        return json.dumps({"refused": f"worker {_own_address()} has changed: {'; '.join(found)}"})
    notebook = nbformat.from_dict(given["job"].pop("notebook"))
    job = Job(notebook=notebook, **given["job"])
    with tempfile.TemporaryDirectory(prefix="cci-chapters-") as folder:
        done = perform(job, Path(folder), timeout=given["timeout"])
    done.notebook.metadata["cci"] = job.stamp
    text = normalise.compact(done.notebook)
    return json.dumps(asdict(done) | {"notebook": text, "sha256": _sha256(text)})


def made_from() -> dict[str, Any]:
    """Return what this process makes runs from: `cci.book.stamp.origin`, `packages`, and `loaded` (code at import)."""
    present = Present()
    return {**present.origin, "loaded": _LOADED, "packages": present.packages}


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> list[str]:
    """Return in what two results of `made_from` differ, each with both versions, in words."""
    found = []
    if there["record"] != here["record"]:
        found.append(f"the record is {there['record']} there, {here['record']} here")
    code = [f"{side['code']} ({side['sources']})" for side in (there, here)]
    if there["sources"] != here["sources"]:
        found.append(f"the code is {code[0]} there, {code[1]} here")
    elif there["loaded"] != there["sources"]:
        found.append(f"the code on its disk is {code[0]}, but it was started with ({there['loaded']}); start it again")
    packages = {**here["packages"], **there["packages"]}
    versions = {name: [side["packages"].get(name, "none") for side in (there, here)] for name in sorted(packages)}
    other = [f"{name} {one} there, {two} here" for name, (one, two) in versions.items() if one != two]
    return [*found, *other[:8], *([f"{len(other) - 8} more packages differ"] if len(other) > 8 else [])]


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Let loggers say nothing: what they would tell at length is said once, in the error."""
    levels = {logging.getLogger(name): logging.getLogger(name).level for name in names}
    for logger in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[distributed.Client]:
    from distributed.comm import connect

    async def ask() -> None:
        settings = distributed.Security().get_connection_args("client")
        (await connect(address, timeout=PATIENCE, **settings)).abort()

    try:
        # The client waits without end for the first word of whatever else listens there, so it is asked aside first.
        asyncio.run(asyncio.wait_for(ask(), PATIENCE + 1))
        client = distributed.Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError) as reason:
        raise CCIError(
            f"No scheduler answers at {address} ({' '.join(str(reason).split()) or 'no word from it'}); check the "
            "address (as in tcp://10.0.0.5:8786), that `dask scheduler` runs there, and that no firewall is between"
        ) from reason
    with client:
        yield client


def _compare(client: distributed.Client, address: str, here: Mapping[str, Any]) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise CCIError(
            f"The scheduler at {address} has no worker; start one in the same environment: dask worker {address}"
        ) from None
    problems = []
    for worker, there in client.run(made_from, on_error="return").items():
        found = [f"it cannot run this package ({there!r})"] if isinstance(there, BaseException) else []
        problems += [f"worker {worker}: {one}" for one in found or differences(here, there)]
    if problems:
        raise CCIError(
            "\n".join([*problems, "nothing was sent; bring the workers to what is here, and start them anew"])
        )


def _task(job: Job, here: Mapping[str, Any]) -> str:
    # What the run will say it was made from is what the worker has to be.
    return json.dumps({"job": asdict(job), "made_from": {**here, **job.stamp}, "timeout": TIMEOUT})


def _executed(job: Job, outcome: Any) -> Executed:
    """What a worker returned, or what ended it as a failed execution."""
    if isinstance(outcome, BaseException):
        said = " ".join(str(outcome).split())
        return Executed(job.notebook, f"no worker could execute it: {type(outcome).__name__}: {said}", None, 0, 0)
    text, digest = outcome.pop("notebook"), outcome.pop("sha256")
    notebook = nbformat.reads(text, as_version=4)
    if _sha256(normalise.compact(notebook)) != digest:
        return Executed(job.notebook, "its notebook did not arrive as the worker sent it", None, 0, 0)
    return Executed(notebook, **outcome)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="backslashreplace")).hexdigest()


def _own_address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
