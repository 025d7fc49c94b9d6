"""The commands: each prints or writes what a function of the package returned.

Exit status: 0 done, 1 problems found, 2 the command was not understood.
"""

from __future__ import annotations

import gc
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
import typer.core

from cci.errors import CCIError, ParameterError, RecordError, UnknownName

if TYPE_CHECKING:
    from cci.book.cluster import Cluster


# Allocations between two searches for garbage, and how many searches of the young pass between those of the older.
# A command ends soon and makes few cycles: at Python's 700, a build spends a tenth of its time on finding none.
LOOKING = (1_000_000, 20, 20)


class _Commands(typer.core.TyperGroup):
    """The commands in the order in which they are used; what they refuse is told in plain lines."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: Any) -> Any:
        gc.set_threshold(*LOOKING)
        try:
            return super().invoke(ctx)
        except (CCIError, OSError) as refusal:
            from cci.book import messages

            for line in messages.of_refusal(refusal):
                typer.echo(line, err=True)
            raise typer.Exit(2 if isinstance(refusal, ParameterError | UnknownName) else 1) from refusal


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,  # it writes into the shell's start-up files, which is not this package's to do
    pretty_exceptions_enable=False,
    help="Check, show, execute and accept the evidence book.",
)

Chapters = Annotated[list[str] | None, typer.Argument(metavar="[CHAPTER]...", help="None: every chapter.")]
Out = Annotated[Path | None, typer.Option(help="Folder of the runs; _build/runs unless given.")]
Parameters = Annotated[
    list[str] | None, typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="A parameter; repeatable.")
]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Only what a source had published by that day.")]


@app.command()
def check(
    data: Annotated[Path | None, typer.Option(help="Folder of the record; the book's own unless given.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print every problem as JSON, however many are alike.")] = False,
) -> None:
    """Check the record and print every problem with its file, line, column, value and what to do.

    Example: cci check --data data
    """
    from cci.book import messages
    from cci.record.tables import DEFAULT, checked

    sheets, problems = checked(data or DEFAULT)
    if json:
        typer.echo(messages.problems_as_json(problems))
    else:
        for line in messages.of_record(data or DEFAULT, sheets, problems):
            typer.echo(line)
    raise typer.Exit(1 if problems else 0)


@app.command()
def show(
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="Its name in data/indicators.csv.")],
    scope: Annotated[str | None, typer.Option(help="One scope; every scope of the indicator unless given.")] = None,
    as_of: Day = None,
    view: Annotated[
        Literal["series", "vintages", "revisions"],
        typer.Option(help="The series; what was known on each day; what was said otherwise before."),
    ] = "series",
    format: Annotated[Literal["table", "csv", "json"], typer.Option(help="How to print the rows.")] = "table",
) -> None:
    """Show the series of an indicator, the preferred figure of each period, or how it was known over time.

    Example: cci show weekly_flights --scope route-ckg-sin --as-of 2019-12-31
    """
    import cci
    from cci.book import printed

    rows = printed.view(cci.load(as_of=as_of), indicator, scope, view)
    if format == "table":
        printed.console().print(printed.as_table(rows) if view == "series" else printed.as_rows(rows))
    else:
        typer.echo({"csv": printed.as_csv, "json": printed.as_json}[format](rows), nl=False)


@app.command()
def trace(
    obs_id: Annotated[str, typer.Argument(metavar="OBS_ID", help="The name of a figure in data/observations.csv.")],
) -> None:
    """Trace one figure to its source, words, interval, rivals, disagreements and relations.

    Example: cci trace weekly_flights-route-ckg-sin-2016-07-27-1
    """
    import cci
    from cci.book import printed

    typer.echo(printed.as_facts(cci.load().trace(obs_id)))


@app.command()
def audit(
    data: Annotated[Path | None, typer.Option(help="Folder of the record; the book's own unless given.")] = None,
    relations: Annotated[Path | None, typer.Option(help="A CSV of relations to test instead of the record's.")] = None,
    as_of: Day = None,
    rule: Annotated[str, typer.Option(help="How a wording becomes an interval; see methods.")] = "next-round",
    format: Annotated[Literal["table", "csv", "json"], typer.Option(help="How to print the rows.")] = "table",
) -> None:
    """Audit the arithmetic of the record; exit with 1 if something breaks that no disagreement explains.

    Example: cci audit --as-of 2021-12-31 --format json
    """
    import cci
    from cci.audit.report import relations_from, report, unexplained
    from cci.book import printed

    listed = relations_from(relations) if relations else None
    found = report(cci.load(as_of=as_of, data=data or cci.DEFAULT, rule=rule), listed)
    if format == "table":
        printed.console().print(printed.as_audit(found))
    else:
        typer.echo({"csv": printed.as_csv, "json": printed.as_json}[format](found), nl=False)
    raise typer.Exit(1 if len(unexplained(found)) else 0)


@app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Tables as in data/, with the further rows.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the record; the book's own unless given.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write the rows; without it nothing is written.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Write empty, explained tables into FOLDER.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Run no chapter to see which findings flip.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the whole report as JSON.")] = False,
) -> None:
    """Hold a folder of further rows against the record, show what they would change, and add them with --yes.

    Example: cci add evidence-of-december --yes
    """
    import pandas as pd

    import cci
    from cci.audit.consequences import consequences
    from cci.book import adding, foreseen, messages, printed
    from cci.record.additions import additions, resulting

    if template:
        for path in adding.template(folder, data=data or cci.DEFAULT):
            typer.echo(messages.plain(path))
        return
    try:
        added = additions(folder, data=data or cci.DEFAULT)
    except RecordError as refusal:
        if not json:
            raise
        typer.echo(messages.problems_as_json(refusal.problems))
        raise typer.Exit(1) from refusal
    before, after = cci.load(data=added.data), resulting(added)
    changes = pd.concat([consequences(before, after), adding.predicted(before, after)], ignore_index=True)
    chapters = adding.freshness(added)
    if "unknown" in chapters.values() and not quick:
        with messages.progress() as on_progress:
            foreseen.brought_up(on_progress=on_progress)
        chapters = adding.freshness(added)
    then = [] if quick else foreseen.foreseen(added, chapters)
    files = adding.write(added) if yes and added.count else ()
    if json:
        typer.echo(printed.additions_as_json(added, changes, chapters, then, files), nl=False)
        return
    for line in (*messages.of_additions(added, folder, changes, chapters), *messages.of_foreseen(then)):
        typer.echo(line)
    typer.echo(messages.of_written(added, files))


@app.command()
def verify(
    source_id: Annotated[str, typer.Argument(metavar="SOURCE_ID", help="Its name in data/sources.csv.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The text of the source, or its HTML page.")],
    data: Annotated[Path | None, typer.Option(help="Folder of the record; the book's own unless given.")] = None,
    format: Annotated[Literal["table", "json"], typer.Option(help="How to print the rows.")] = "table",
) -> None:
    """Verify that the words and values of a source's observations stand in its text; exit with 1 if one does not.

    Example: cci verify wcifit-2025-11-10-fruitful-decade page.html
    """
    import cci
    from cci.audit.verification import unverified
    from cci.audit.verification import verify as verified
    from cci.book import printed
    from cci.record.passages import paragraphs

    found = verified(cci.load(data=data or cci.DEFAULT), source_id, paragraphs(file))
    if format == "json":
        typer.echo(printed.as_json(found), nl=False)
    else:
        printed.console().print(printed.as_verified(found))
    raise typer.Exit(1 if len(unverified(found)) else 0)


@app.command()
def predict(as_of: Day = None) -> None:
    """Print the predictions that the register lacks, as lines for data/predictions.csv.

    Example: cci predict >> data/predictions.csv
    """
    import cci
    from cci.models import predictions
    from cci.record.dates import as_date

    typer.echo(predictions.lines(cci.load(), as_date(as_of)), nl=False)


@app.command()
def run(
    chapters: Chapters = None,
    parameter: Parameters = None,
    as_of: Day = None,
    sets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Named parameter sets (YAML); each makes runs of its own.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run the chapters whose runs are fresh, too.")] = False,
    out: Out = None,
) -> None:
    """Execute chapters aside, with the default or other parameters, leaving chapters/ as it is and fresh runs alone.

    Example: cci run finance -p as_of=2021-12-31
    """
    from cci.book import messages
    from cci.book.run import prepare
    from cci.book.run import run as execute
    from cci.book.sets import named, parted

    given = _given(parameter, as_of)
    parts = {name: parted(values) for name, values in (named(sets) if sets else {"": {}}).items()}
    asked = {name: (common | given, own) for name, (common, own) in parts.items()}
    for common, own in asked.values() if sets else ():  # all are checked before the first is run
        prepare(chapters or (), parameters=common, own=own)
    for name, (common, own) in asked.items():
        with messages.progress() as on_progress:
            runs = execute(chapters or (), parameters=common, own=own, out=out, force=force, on_progress=on_progress)
        for line in messages.of_runs(runs, name):
            typer.echo(line)


@app.command()
def status(chapters: Chapters = None, parameter: Parameters = None, as_of: Day = None, out: Out = None) -> None:
    """Tell which chapters are fresh, and what makes the others stale; exit with 1 if one is.

    Example: cci status finance
    """
    from cci.book import messages
    from cci.book.freshness import status as found

    statuses = found(chapters or (), parameters=_given(parameter, as_of), out=out)
    for line in messages.of_statuses(statuses):
        typer.echo(line)
    raise typer.Exit(0 if all(one.fresh for one in statuses) else 1)


@app.command()
def runs(out: Out = None) -> None:
    """List the kept runs with their parameters, fresh or stale and why.

    Example: cci runs
    """
    from cci.book import messages
    from cci.book.freshness import kept_runs

    for line in messages.of_listed(kept_runs(out=out)):
        typer.echo(line)


@app.command()
def diff(
    first: Annotated[str, typer.Argument(metavar="RUN", help="A folder of a run, or its name.")],
    second: Annotated[str, typer.Argument(metavar="RUN", help="The run to compare it with.")],
    out: Out = None,
) -> None:
    """Tell which figures, findings, charts and tables differ between two runs; exit with 1 if any does, 2 on trouble.

    Example: cci diff finance-e6746a05 finance-1e9f0a41
    """
    from cci.book.freshness import opened
    from cci.book.messages import plain
    from cci.book.outcomes import differences

    try:
        found = differences(opened(first, out=out).results, opened(second, out=out).results)
    except (CCIError, OSError) as trouble:
        typer.echo(plain(trouble), err=True)
        raise typer.Exit(2) from trouble
    for line in found or ["no figure, finding, chart or table differs"]:
        typer.echo(plain(line))
    raise typer.Exit(1 if found else 0)


@app.command()
def sweep(
    chapter: Annotated[str, typer.Argument(metavar="CHAPTER", help="Its name, as in people-to-people.")],
    grid: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE,VALUE", help="Values of a parameter; repeatable.")
    ] = None,
    grid_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same in YAML, a line each: tenor: [1, 3, 10].")
    ] = None,
    draws: Annotated[int, typer.Option(help="How many sets of parameters are drawn from the ranges.")] = 0,
    range: Annotated[
        list[str] | None, typer.Option(metavar="NAME=LOW,HIGH", help="Range of a number to draw from; repeatable.")
    ] = None,
    method: Annotated[
        Literal["random", "lhs"], typer.Option(help="Each draw for itself, or a Latin hypercube.")
    ] = "lhs",
    seed: Annotated[int, typer.Option(min=0, help="Where the random numbers begin.")] = 0,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Where the results go; _build/sweeps/CHAPTER.csv unless given."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html|.svg", help="Draw the specification curve into this file.")
    ] = None,
    figure: Annotated[
        str | None, typer.Option(metavar="NAME", help="Draw this quoted figure in the report, not the findings.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a sweep of more than 300 runs.")] = False,
    workers: Annotated[int, typer.Option(min=1, help="How many runs at a time on this machine.")] = 2,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Run on the Dask cluster of this scheduler instead.")
    ] = None,
    out: Out = None,
) -> None:
    """Run a chapter with every combination of parameters, and write one row per run into a CSV.

    Example: cci sweep finance --grid tenor=1,3,10 --grid repayment=at_end,level --report finance.html
    """
    from cci.book import messages, sweep_report
    from cci.book.grid import bounds, from_file, listed
    from cci.book.grid import grid as checked
    from cci.book.sweep import failures
    from cci.book.sweep import sweep as execute

    values = (from_file(grid_file) if grid_file else {}) | listed(grid or ())
    asked = checked(chapter, values, ranges=bounds(range or ()), draws=draws, method=method, seed=seed)
    table = sweep_report.places(asked, table, report, figure)
    ask = messages.ask_nobody if yes else messages.ask_whether
    with _cluster(scheduler) as cluster, messages.sweep_progress(asked) as on_progress:
        runs = execute(asked, out=out, workers=workers, cluster=cluster, ask=ask, on_progress=on_progress)
    sweep_report.write_table(runs, table)
    if report:
        sweep_report.report(runs, report, varied=asked.names, figure=figure)
    for line in messages.of_sweep(runs, [table, report] if report else [table]):
        typer.echo(line)
    raise typer.Exit(1 if failures(runs) else 0)


@app.command()
def stability(
    chapters: Chapters = None,
    check: Annotated[
        bool, typer.Option("--check", help="Run nothing, write nothing; exit with 1 if the file does not fit the book.")
    ] = False,
    flipped: Annotated[
        bool, typer.Option("--flipped", help="Findings whose verdict changed under the same words stand as they are.")
    ] = False,
    out: Out = None,
) -> None:
    """Run chapters under every declared specification, and write in how many each finding holds.

    Example: cci stability finance
    """
    from cci.book import chapters as book_chapters
    from cci.book import messages
    from cci.book import stability as stable

    if check:
        problems = stable.problems(book_chapters.root())
        for line in problems or ["every finding is as in the specifications that were run"]:
            typer.echo(messages.plain(line))
        raise typer.Exit(1 if problems else 0)
    with messages.sweeps_progress() as on_progress:
        found = stable.stability(chapters or (), flipped=flipped, out=out, on_progress=on_progress)
    for line in messages.of_stability(found, chapters or ()):
        typer.echo(line)


@app.command()
def edition(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A set in the file.")],
    sets: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Named parameter sets; the book's editions.yml unless given.")
    ] = None,
) -> None:
    """Write the sources of the whole book under a set of parameters, ready to build, beside the book.

    Example: cci edition as-of-2021
    """
    from cci.book import chapters as book_chapters
    from cci.book import messages
    from cci.book.edition import SETS
    from cci.book.edition import edition as write
    from cci.book.sets import named

    known = named(sets or book_chapters.root() / SETS)
    if name not in known:
        raise UnknownName("edition", name, known)
    with messages.progress() as on_progress:
        place = write(name, known[name], on_progress=on_progress)
    typer.echo(book_chapters.shown(place, book_chapters.root()))


@app.command()
def build(
    name: Annotated[str | None, typer.Option("--edition", help="An edition that cci edition has written.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Build what has not changed, too.")] = False,
) -> None:
    """Build the site aside and put it in place of the last good one once it is whole; a warning ends it before.

    Example: cci build --all
    """
    from cci.book import chapters as book_chapters
    from cci.book.build import SITE
    from cci.book.build import build as make
    from cci.book.edition import written

    book = book_chapters.root()
    sources = written(name, book) if name else None
    site = (
        make(sources, site=sources.parent / SITE, everything=everything)
        if sources
        else make(book, everything=everything)
    )
    typer.echo(book_chapters.shown(site, book))


@app.command()
def new(
    chapter: Annotated[str, typer.Argument(metavar="CHAPTER", help="Its name in addresses, as in people-to-people.")],
    title: Annotated[str | None, typer.Option(help="Its first heading, which states the finding.")] = None,
) -> None:
    """Begin a chapter that runs and passes every test as it is, and list it after the others.

    Example: cci new ports --title "The ports are counted, their traffic is not"
    """
    from cci.book import chapters as book_chapters
    from cci.book import messages
    from cci.book.new import new as begin

    root = book_chapters.root()
    for path in begin(chapter, title=title):
        typer.echo(messages.plain(book_chapters.shown(path, root)))
    typer.echo(f"next: cci serve, and rewrite it cell by cell; then cci accept {chapter} && cci stability {chapter}")


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")] = 8000,
    open: Annotated[bool, typer.Option("--open", help="Open the first page in the browser.")] = False,
) -> None:
    """Serve the book as it is being written: each save runs what it made stale and reloads the open page.

    Example: cci serve --open
    """
    import webbrowser

    from cci.book import chapters as book_chapters
    from cci.book import serve as serving

    show = webbrowser.open if open else lambda address: None
    serving.until_interrupted(book_chapters.root(), port=port, say=typer.echo, ready=show)


@app.command()
def accept(
    chapters: Chapters = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 1 if an output differs.")] = False,
    out: Out = None,
) -> None:
    """Copy the outputs of the chapters' default runs into chapters/, or tell with --check which would change.

    Example: cci accept finance --check
    """
    from cci.book import accept as accepting
    from cci.book import messages

    runs = accepting.default_runs(chapters or (), out=out)
    if not check:
        for line in messages.of_accepted(accepting.accept(runs)):
            typer.echo(line)
        return
    differences = accepting.differences(runs)
    for line in messages.of_differences(differences, runs):
        typer.echo(line)
    raise typer.Exit(1 if differences else 0)


@app.command()
def review(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The git revision to compare with.")],
    head: Annotated[
        str | None, typer.Argument(metavar="HEAD", help="The revision under review; the working tree unless given.")
    ] = None,
    tests: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="BASE HEAD", help="Reports of both test runs: JUnit files, or folders of them."),
    ] = None,
    fail_on: Annotated[
        Literal["none", "note", "warning", "error"], typer.Option(help="From which severity on the exit status is 1.")
    ] = "error",
    out: Annotated[Path | None, typer.Option(help="Folder to write into; _build/review unless given.")] = None,
) -> None:
    """Write what changed between two revisions as a page and a comment; exit with 1 if it is grave, 2 on trouble.

    Example: cci review main --fail-on warning
    """
    from cci.book import chapters as book_chapters
    from cci.book.messages import plain
    from cci.book.review import compare, written

    try:
        found = compare.review(base, head, tests=tests)
        places = written.write(found, out or book_chapters.root() / written.OUT)
    except (CCIError, OSError) as trouble:
        typer.echo(plain(trouble), err=True)
        raise typer.Exit(2) from trouble
    for line in (written.summary(found), *(book_chapters.shown(place, book_chapters.root()) for place in places)):
        typer.echo(plain(line))
    raise typer.Exit(1 if written.fails(found, fail_on) else 0)


def _cluster(scheduler: str | None) -> AbstractContextManager[Cluster | None]:
    """The workers of a scheduler; none where this machine does the work."""
    from contextlib import nullcontext

    if scheduler is None:
        return nullcontext()
    from cci.book.cluster import connected

    return connected(scheduler)


def _given(parameters: list[str] | None, as_of: str | None) -> dict[str, str]:
    """The parameters of a command line; `--as-of` is short for one that every chapter has."""
    from cci.book.parameters import pairs

    return pairs([*(parameters or ()), *([f"as_of={as_of}"] if as_of else [])])
