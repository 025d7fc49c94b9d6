"""The gate against unbound numerals: catches them wherever prose can hide, lets bound ones and dates through."""

from pathlib import Path

import nbformat
import pytest

from cci.book import numerals

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]

HIDING_PLACES = [
    "# A title with 347 projects",
    "Prose with 12 firms.",
    "Prose with twelve firms.",
    "Grew sevenfold.",
    "Up 56.1%.",
    "Twice as many.",
    "Some three hundred ports.",
    "A [link to 75 cities](https://example.org/1).",
    "![75 cities](map.png)",
    "*Emphasis on 75*",
    "`75 cities`",
    "- a list with 75 cities",
    "| a | table |\n|---|---|\n| with | 75 |",
    "> a quote of 75",
    "<div title='x'>75 cities</div>",
    "Inline <b>75</b> cities.",
    "```\n75 cities\n```",
    "```bash\necho 75 cities\n```",
    "```{note} 75 cities\nbody\n```",
    "```{note}\n75 cities\n```",
    ":::{admonition} Title\n75 cities\n:::",
    ":::{admonition} Title\n:::{note}\n75 cities\n:::\n:::",
    ":::{figure} map.png\n:alt: 75 cities\n:::",
    "::::{grid} 1 2\n:::{grid-item-card} 75 cities\n:::\n::::",
    "{sub}`75` cities",
    "$x = 75$",
    "$$\nx = 75\n$$",
    "四十五个城市",
    "term\n: 75 cities",
    "A footnote.[^a]\n\n[^a]: 75 cities",
    "Value: −20 percent.",
    "７５ cities",
]
ALLOWED = [
    "Since 7 November 2015, in November 2015, by 2025-12-15, over 2016–2025 and 2016-25.",
    "The 14th Five-Year Plan and the EQ2, CO2 and BLOCK71.",
    "{obs}`gov_commercial_projects_count-cci-2025-11-10-1` were signed.",
    "{glue:text}`marginal_value:.1f` and {count}`observations` rows.",
    "[a page](https://example.org/2025/347)",
    "A two-mode network and a three-mode corridor.",
    "The third project of its kind, and the first in the west.",
    "```{record} sources\n:year: 2024\n```",
]


@pytest.mark.parametrize("text", HIDING_PLACES)
def test_an_unbound_numeral_is_found_wherever_it_hides(text):
    assert numerals.in_markdown(text, file="page.md")


@pytest.mark.parametrize("text", ALLOWED)
def test_dates_names_and_bound_figures_pass(text):
    assert numerals.in_markdown(text, file="page.md") == []


@pytest.mark.parametrize(
    "code",
    [
        'charts.trend(f, title="347 projects")',
        'charts.trend(f, title=f"{x} of 347 projects")',
        'charts.trend(f, title="Grew " + "sevenfold")',
        'charts.trend(f, title="a", breaks={"2021-06-30": "after 118"})',
        'charts.table(f, title="a", columns={"words": "347"})',
        'audit.finding("Over US$26 billion was signed.", holds=True, because=[])',
        'audit.finding("a", holds=value > 26500000000, because=[])',
        'audit.finding("a" if ok else "347 projects", holds=True, because=[])',
    ],
)
def test_a_figure_typed_into_code_is_found(code):
    assert numerals.in_code(code, file="finance, cell 4")


def test_code_that_takes_its_figures_from_the_record_passes():
    code = (
        'ports = record.series("destination_ports", scope="ilstc-all").tail(1)\n'
        'audit.finding(f"The corridor reaches {ports.words.iloc[0]} in 2025.", holds=len(ports) > 0, because=ports)\n'
        'record.find(["weekly_flights-route-ckg-sin-2025-11-10-1"])\n'
        "value / 1_000_000_000 * 100"
    )
    assert numerals.in_code(code, file="finance, cell 4") == []


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_chapter_says_an_unbound_numeral(path):
    found = numerals.in_notebook(nbformat.read(path, as_version=4), file=path.name)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_says_an_unbound_numeral(path):
    found = numerals.in_page(path, file=path.name)
    assert not found, "\n".join(map(str, found))
