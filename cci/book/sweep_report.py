"""What a sweep leaves: its table, and the specification curve as SVG or in a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from cci.book import chapters as book_chapters
from cci.book import normalise, sweep, whole
from cci.book.grid import Grid
from cci.book.outcomes import outcomes
from cci.book.printed import as_csv
from cci.book.stamp import Run
from cci.errors import CCIError, ParameterError, UnknownName

if TYPE_CHECKING:
    import altair as alt

ENDINGS = (".html", ".svg")


def places(grid: Grid, table: Path | None, report: Path | None, figure: str | None = None) -> Path:
    """Return where the table goes, and refuse, before anything is run, what could not be written or drawn.

    Raises ParameterError, and UnknownName for a figure that the published chapter does not quote.
    """
    if figure and not report:
        raise ParameterError("--figure says what the report draws; name the report too: --report FILE.html")
    quoted = outcomes(normalise.read(book_chapters.path(grid.chapter, book_chapters.root())))["figures"]
    if figure and quoted and figure not in quoted:  # a chapter that was never accepted quotes none yet
        raise UnknownName("figure", figure, quoted, where=f" in {grid.chapter}")
    if report and report.suffix not in ENDINGS:
        raise ParameterError(f"{report} is no report; name a file that ends in {' or '.join(ENDINGS)}")
    if table and table.suffix != ".csv":
        raise ParameterError(f"{table} is no table; name a file that ends in .csv")
    return table or book_chapters.root() / sweep.TABLES / f"{grid.chapter}.csv"


def write_table(runs: Sequence[Run], place: Path) -> None:
    """Write one row per run as CSV; see `cci.book.sweep.table`."""
    whole.write(as_csv(sweep.table(runs)), place)


def report(runs: Sequence[Run], place: Path, *, varied: Sequence[str], figure: str | None = None) -> None:
    """Write the specification curve of runs: of their findings, or of one quoted figure.

    `varied` names the parameters drawn below it. Raises UnknownName for a figure that no run quotes, CCIError where
    every run failed.
    """
    import vl_convert

    whole_runs = [run for run in runs if not run.failure]
    if not whole_runs:
        raise CCIError("every run failed; there is nothing to report")
    chart = _chart(whole_runs, varied, figure)
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=_version(vl_convert))
    whole.write(svg if place.suffix == ".svg" else _page(whole_runs, len(runs), svg, chart), place)


def _version(vl_convert: object) -> str:
    """The newest grammar that the converter has: altair writes for it."""
    versions: list[str] = vl_convert.get_vegalite_versions()  # type: ignore[attr-defined]
    return max(versions, key=lambda one: [int(part) for part in one.split(".")])


def _chart(runs: Sequence[Run], varied: Sequence[str], figure: str | None) -> alt.VConcatChart:
    from cci.charts import specifications

    chapter = runs[0].chapter
    rows = sweep.table(runs)
    if figure is None:
        found = {f"finding_{n}": item["statement"] for n, item in enumerate(runs[0].results["findings"], 1)}
        if not found:
            raise CCIError(f"{chapter} has no finding; draw one of its figures with --figure NAME")
        title = f"Which findings of {chapter} hold in each of {len(runs)} runs"
        return specifications.verdicts(rows, title=title, parameters=varied, findings=found)
    known = {name: told for run in runs for name, told in run.results["figures"].items()}
    if figure not in known:
        raise UnknownName("figure", figure, known, where=f" in {chapter}")
    name = f"figure_{figure}"
    band = (f"{name}_low", f"{name}_high") if f"{name}_low" in rows else None
    title = f"{figure} of {chapter} in {len(runs)} runs"
    return specifications.curve(rows, title=title, parameters=varied, value=name, band=band)


def _page(runs: Sequence[Run], asked: int, svg: str, chart: alt.VConcatChart) -> str:
    """One page without scripts and without anything from elsewhere."""
    findings = runs[0].results["findings"]
    rows = []
    for number, finding in enumerate(findings):
        met = [run.results["findings"][number]["verdict"] for run in runs if number < len(run.results["findings"])]
        counts = "".join(f"<td>{met.count(verdict)}</td>" for verdict in ("holds", "fails", "cannot be told"))
        rows.append(f"<tr><td>{number + 1}</td><td>{escape(finding['statement'])}</td>{counts}</tr>")
    title = escape(str(chart.title))
    failed = f"<p>{asked - len(runs)} of {asked} runs failed and are not drawn.</p>" if asked > len(runs) else ""
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem }}
figure {{ margin: 0; overflow-x: auto }}
td, th {{ padding: 0.2rem 0.8rem 0.2rem 0; text-align: start; vertical-align: top }}
</style>
<h1>{title}</h1>
<p>Each column is a run; the dots below say with which parameters.</p>{failed}
<figure role="img" aria-label="{escape(str(chart.description))}">{svg}</figure>
<h2>Findings</h2>
<p>The statements are those of the first run; numbers in them may differ in others.</p>
<table>
<tr><th>No.</th><th>Finding</th><th>Holds</th><th>Fails</th><th>Cannot be told</th></tr>
{"".join(rows)}
</table>
</html>
"""
