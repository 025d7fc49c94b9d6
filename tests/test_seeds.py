"""Nothing of the five documents the book started from is missing: every figure is used, every instrument is named."""

import json
import re
from pathlib import Path

import pytest

import cci

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
# The documents whose paragraphs the record cites, and the one that prints no figure.
SEEDS = {
    "ichongqing-2025-12-17-tangible-gains",
    "asiacity-2025-12-soft-connectivity",
    "wcifit-2025-11-10-fruitful-decade",
    "asiacity-2025-10-11-347-agreements",
    "newsflash-2025-06-04-ten-years",
}


def _prose(text: str, role: str) -> set[str]:
    names = re.findall(rf"{{{role}}}`([^`]+)`", text)
    return {re.sub(r"^.*<([^>]+)>$", r"\1", name).split(" ")[0] for name in names}


def _outputs(value: object, key: str) -> set[str]:
    """Every name under `key` (or listed under its plural `obs_ids`) anywhere in a notebook's outputs."""
    if isinstance(value, dict):
        found = {value[key]} if isinstance(value.get(key), str) else set()
        found |= set(value.get(f"{key}_ids", ())) if key == "obs" else set()
        return found.union(*(_outputs(inner, key) for inner in value.values())) if value else found
    if isinstance(value, list):
        return set().union(*(_outputs(inner, key) for inner in value))
    return set()


@pytest.fixture(scope="module")
def used():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    observations, instruments = _prose(text, "obs"), _prose(text, "inst")
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                observations |= _prose(source, "obs")
                instruments |= _prose(source, "inst")
            else:
                observations |= _outputs(cell["outputs"], "obs")
                instruments |= _outputs(cell["outputs"], "instrument")
    return {"observations": observations, "instruments": instruments}


def test_the_seeds_are_in_the_record():
    record = cci.load()
    assert set(record.sources["source_id"]) >= SEEDS
    cited = record.observations.dropna(subset=["locator"])
    assert set(cited["source_id"]) <= SEEDS
    assert len(cited) == 71


def test_every_figure_of_the_seeds_is_used_in_a_chapter_or_page(used):
    observations = cci.load().observations
    seeds = set(observations.loc[observations["locator"].notna(), "obs_id"])
    assert sorted(seeds - used["observations"]) == []


def test_every_instrument_of_the_seeds_is_named_in_a_chapter(used):
    instruments = cci.load().instruments
    named = {row.instrument_id for row in instruments.itertuples() if SEEDS & set(row.source_ids)}
    assert len(named) == 35
    assert sorted(named - used["instruments"]) == []


def test_the_page_of_instruments_lists_them_all():
    assert "```{record} instruments" in (ROOT / "chapters" / "instruments.md").read_text(encoding="utf-8")
