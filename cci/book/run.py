"""Execute chapters by papermill, aside: every run in a folder of its own, chapters/ never touched.

Chapters run on threads, two at a time: all that waits here is a socket, the work is done by the kernels' processes.
papermill's own `cwd` would move the whole process, so a kernel is sent to chapters/ through nbclient instead.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import re
import tempfile
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from cci.book import account, lock, normalise
from cci.book import chapters as book_chapters
from cci.book import inputs as run_inputs
from cci.book import stamp as stamps
from cci.book.inputs import Present
from cci.book.outcomes import outcomes
from cci.book.parameters import Parameter, Value, check, declared
from cci.book.stamp import OUT, Run
from cci.errors import ChapterFailed, NotAcceptable, ParameterError

TIMEOUT = 300  # seconds a cell may take: the slowest model takes a few
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

# What nbclient logs of a failing cell is said once, in ChapterFailed.
logging.getLogger("papermill").addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Progress:
    """How far a chapter is: `done` of `cells` code cells; `run` is set once it has ended."""

    chapter: str
    done: int
    cells: int
    run: Run | None = None


def run(
    chapters: Collection[str] = (),
    *,
    parameters: Mapping[str, object] | None = None,
    own: Mapping[str, Mapping[str, object]] | None = None,
    out: Path | None = None,
    book: Path | None = None,
    workers: int = 2,
    timeout: int = TIMEOUT,
    force: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> list[Run]:
    """Execute chapters (none named: all), each with these parameters, and return their runs in the order of the book.

    `own` gives single chapters parameters of their own, over the common ones.
    A chapter whose run is fresh, because nothing that it depends on has changed, is not executed again unless `force`.
    Every name and value is checked for every chapter before a kernel starts: UnknownName, ParameterError. A cell that
    raises, takes more than `timeout` seconds or ends its kernel ends its chapter only; its run is kept up to there, and
    ChapterFailed, raised once all others have ended, names chapter, cell, error and run. `on_progress` is called from
    the chapters' threads. The folder of the runs is held meanwhile: a second call waits for the first, or raises Busy.
    """
    book = book or book_chapters.root()
    out = (out or book / OUT).absolute()
    present = Present()
    prepared = prepare(chapters, parameters=parameters, own=own, book=book, present=present)
    with lock.held(out, "cci run") as waited:
        if waited:  # what was so before need not be so any more
            present = Present()
            prepared = prepare(chapters, parameters=parameters, own=own, book=book, present=present)
        runs = execute(
            prepared,
            out=out,
            book=book,
            present=present,
            workers=workers,
            timeout=timeout,
            force=force,
            on_progress=on_progress,
        )
    failures = [
        f"{run.chapter}: {run.failure}. The run is kept in {book_chapters.shown(run.path, book)}"
        for run in runs
        if run.failure
    ]
    if failures:
        raise ChapterFailed("\n".join(failures))
    return runs


def execute(
    jobs: Sequence[Job],
    *,
    out: Path,
    book: Path,
    present: Present,
    workers: int = 2,
    timeout: int = TIMEOUT,
    force: bool = False,
    elsewhere: Elsewhere | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> list[Run]:
    """Return the run of each job, failed or whole, in their order; one that is fresh is not executed unless `force`.

    `elsewhere` executes jobs on other machines (`cci.book.cluster`); their runs are kept here as any other.
    Whoever calls holds the folder of the runs (`cci.book.lock`).
    """
    made: dict[Path, Run] = {}
    soon = _anticipate if elsewhere is None else lambda: None

    def stale() -> Iterator[Job]:
        # The chapter with the most to show first, since it takes longest: started last, it would run alone at the end.
        for job in sorted(jobs, key=lambda job: -book_chapters.path(job.chapter, book).stat().st_size):
            if not force and (run := _fresh(job, out, present, soon)):
                made[job.folder(out)] = run
                on_progress(Progress(run.chapter, 0, 0, run))
            else:
                soon()
                yield job

    if elsewhere is None:
        _execute_all(stale(), made, workers, lambda job: _execute(job, out, book, timeout, present, on_progress))
    elif waiting := list(stale()):
        inputs = {job.folder(out): run_inputs.before(job.notebook, present) for job in waiting}
        with closing(elsewhere(waiting)) as ended:  # which takes back what it has sent, whatever happens here
            for job, executed in ended:
                made[job.folder(out)] = run = _keep(job, executed, inputs[job.folder(out)], out, present)
                on_progress(Progress(job.chapter, executed.done, executed.cells, run))
    return [made[job.folder(out)] for job in jobs]


def _anticipate() -> None:
    from cci.book import kernels  # which takes what executes with it

    kernels.anticipate()


def _execute_all(jobs: Iterable[Job], made: dict[Path, Run], workers: int, execute: Callable[[Job], Run]) -> None:
    """Execute jobs as they come, some at a time, filling `made` by folder; where one cannot be, kill the rest."""
    executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="chapter")
    try:
        started = [executor.submit(execute, job) for job in jobs]
        for future in as_completed(started):
            made[future.result().folder] = future.result()
    except BaseException:
        from cci.book import kernels  # which takes what executes with it

        executor.shutdown(wait=False, cancel_futures=True)
        kernels.kill_running()
        raise
    finally:
        executor.shutdown()


@dataclass(frozen=True)
class Job:
    """A chapter to be executed with checked parameters."""

    chapter: str
    notebook: NotebookNode
    values: Mapping[str, Value]  # all of the chapter's parameters
    other: Mapping[str, Value]  # those that differ from the default, which papermill injects
    stamp: Mapping[str, Any]

    def folder(self, out: Path) -> Path:
        """Where its run is kept."""
        return stamps.folder(self.chapter, self.values, out)


@dataclass(frozen=True)
class Executed:
    """What an execution left: the notebook, why it failed, its account (None: none), code cells begun and in all."""

    notebook: NotebookNode
    failure: str | None
    said: Mapping[str, Any] | None
    done: int
    cells: int


Elsewhere = Callable[[Sequence[Job]], Generator[tuple[Job, Executed], None, None]]


def prepare(
    chapters: Collection[str] = (),
    *,
    parameters: Mapping[str, object] | None = None,
    own: Mapping[str, Mapping[str, object]] | None = None,
    book: Path | None = None,
    present: Present | None = None,
) -> list[Job]:
    """Return each chapter with its checked parameters, as `run` takes them, without running it.

    Raises UnknownName for a chapter, ParameterError with the problems of all.
    """
    book, present = book or book_chapters.root(), present or Present()
    names = book_chapters.chosen(chapters, book)
    if own:
        book_chapters.chosen(own, book)  # refuses a name that is no chapter
    jobs = []
    problems: list[str] = []
    for name in names:
        try:
            notebook, known = _opened(name, book)
            values = check(known, {**(parameters or {}), **(own or {}).get(name, {})}, where=name)
        except ParameterError as error:
            problems.append(str(error))
            continue
        jobs.append(_job(name, notebook, known, values, present))
    if problems:
        raise ParameterError("\n".join(problems))
    return jobs


def variants(chapter: str, sets: Iterable[Mapping[str, object]], *, book: Path, present: Present) -> Iterator[Job]:
    """Yield one chapter with each set of parameters, reading it once. Raises ParameterError at the first wrong one."""
    notebook, known = _opened(chapter, book)
    for given in sets:
        yield _job(chapter, notebook, known, check(known, given, where=chapter), present)


def _opened(name: str, book: Path) -> tuple[NotebookNode, tuple[Parameter, ...]]:
    """A chapter without what it said last, which is most of it and nothing to run, and the parameters it declares."""
    path = book_chapters.path(name, book)
    notebook = normalise.read(path)
    for cell in normalise.code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    return notebook, declared(notebook, where=book_chapters.shown(path, book))


def _job(
    name: str, notebook: NotebookNode, known: Iterable[Parameter], values: Mapping[str, Value], present: Present
) -> Job:
    other = {p.name: values[p.name] for p in known if values[p.name] != p.default}
    return Job(name, notebook, values, other, {"chapter": name, "parameters": values, **present.origin})


def _fresh(job: Job, out: Path, present: Present, doubted: Callable[[], None]) -> Run | None:
    """The kept run of a chapter, where nothing that it depends on has changed; `doubted` where that takes a while.

    That another record answers it alike, or other code leaves it alone, is noted, so as not to be found out again.
    """
    try:
        run = stamps.kept(job.chapter, job.values, out)
    except NotAcceptable:
        return None
    now = {name: present.origin[name] for name in ("record", "sources")}
    known = now.keys() <= run.stamp.keys() and all(stamps.stands(run, *one) for one in now.items())
    if not known:
        doubted()
    if run_inputs.reasons(run, job.notebook, present):
        return None
    if not known:
        stamps.note(run, **now)
    return replace(run, again=False)


def _execute(
    job: Job, out: Path, book: Path, timeout: int, present: Present, on_progress: Callable[[Progress], None]
) -> Run:
    """Execute one chapter and keep its run, whole or up to the cell that failed."""
    inputs = run_inputs.before(job.notebook, present)
    executed = perform(job, book / "chapters", timeout=timeout, on_progress=on_progress)
    run = _keep(job, executed, inputs, out, present)
    on_progress(Progress(job.chapter, executed.done, executed.cells, run))
    return run


def _keep(job: Job, executed: Executed, inputs: Mapping[str, Any], out: Path, present: Present) -> Run:
    return stamps.keep(
        Run(job.chapter, dict(job.values), job.folder(out), executed.failure, job.stamp),
        executed.notebook,
        inputs=run_inputs.after(inputs, executed.said, present),
        results=outcomes(executed.notebook),
    )


def perform(
    job: Job, folder: Path, *, timeout: int = TIMEOUT, on_progress: Callable[[Progress], None] = lambda _: None
) -> Executed:
    """Execute one chapter in a kernel of its own, with `folder` as its working directory; nothing is kept."""
    from jupyter_core.utils import ensure_event_loop
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook
    from traitlets.config import Config

    from cci.book import kernels

    job = replace(job, notebook=copy.deepcopy(job.notebook))  # jobs of one chapter share it
    watch = _Watch(job, on_progress)
    account.add(job.notebook)
    failure = said = None
    # jupyter_core opens an event loop for the thread and never closes it; the runner does, with what is left in it.
    with tempfile.TemporaryDirectory(prefix="cci-run-") as aside, asyncio.Runner(loop_factory=ensure_event_loop):
        log = Path(aside) / "kernel.log"
        try:
            # papermill.execute_notebook without its last step, which makes a text of it all and writes it nowhere.
            notebook = load_notebook_node(job.notebook)
            if job.other:
                names = {"kernel_name": normalise.KERNEL["name"], "language": normalise.KERNEL["language"]}
                notebook = parameterize_notebook(notebook, dict(job.other), engine_name=None, **names)
            executed = papermill_engines.execute_notebook_with_engine(
                None,
                notebook,
                kernel_name=normalise.KERNEL["name"],
                progress_bar=False,
                execution_timeout=timeout,
                resources={"metadata": {"path": str(folder)}},
                kernel_manager_class=kernels.AsyncKernelManager,
                config=Config(AsyncKernelManager={"log_path": str(log)}),
                shutdown_kernel="immediate",
                record_timing=False,
                on_notebook_start=watch.started,
                on_cell_start=watch.cell_started,
            )
            raise_for_execution_errors(executed, None)
            said = account.take(watch.notebook)
            failure = watch.unexecuted()
        except PapermillExecutionError as error:
            failure = watch.failed(error.ename, error.evalue)
        except CellTimeoutError:
            failure = watch.failed("Timeout", f"the cell took longer than {timeout} seconds", tell=True)
        except (DeadKernelError, RuntimeError) as error:
            # The kernel ended, or never came up; what it last wrote is all there is to say why.
            last_words = _last_words(log)
            failure = watch.failed("DeadKernel", last_words or str(error) or "the kernel ended", tell=True)
    account.take(watch.notebook)
    return Executed(watch.notebook, failure, said, watch.done, watch.cells)


class _Watch:
    """Follows papermill through a notebook, so that what was executed is at hand whatever ends the execution."""

    def __init__(self, job: Job, on_progress: Callable[[Progress], None]):
        self.notebook = job.notebook
        self.chapter = job.chapter
        self.on_progress = on_progress
        self.cells = len(list(normalise.code_cells(job.notebook))) + bool(job.other)
        self.done = 0
        self.cell: NotebookNode | None = None
        on_progress(Progress(self.chapter, 0, self.cells))

    def started(self, notebook: NotebookNode) -> None:
        self.notebook = notebook  # with the injected cell; papermill fills this very object

    def cell_started(self, cell: NotebookNode, cell_index: int) -> None:
        del cell_index
        if cell.cell_type == "code" and cell.get("id") != account.ID:
            self.cell = cell
            self.on_progress(Progress(self.chapter, self.done, self.cells))
            self.done += 1

    def failed(self, name: str, message: str, *, tell: bool = False) -> str:
        """Return which cell failed and how; with `tell`, also show it below the cell, where the kernel could not."""
        said = " ".join(_COLOURS.sub("", message).split())
        said = said if len(said) <= 300 else said[:299] + "…"
        if self.cell is None:
            return f"the kernel did not start: {said}"
        if tell:
            self.cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=said, traceback=[said]))
        number = next(n for n, cell in enumerate(normalise.code_cells(self.notebook), 1) if cell is self.cell)
        return f"cell {number} ({normalise.first_line(self.cell)}) raised {name}: {said}".removesuffix(": ")

    def unexecuted(self) -> str | None:
        """Return which cell was left out, as by sys.exit(), which papermill takes for a regular end; None if none."""
        for number, cell in enumerate(normalise.code_cells(self.notebook), 1):
            if any(output.output_type == "error" for output in cell.outputs):
                return f"cell {number} ({normalise.first_line(cell)}) ended the chapter before its last cell"
            if cell.execution_count is None:
                return f"cell {number} ({normalise.first_line(cell) or 'empty'}) was not executed"
        return None


def _last_words(log: Path) -> str:
    """The last line that the kernel's process wrote outside of cells, if any."""
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n") if log.is_file() else []
    return next((f"the kernel ended; it last wrote: {line.strip()}" for line in reversed(lines) if line.strip()), "")
