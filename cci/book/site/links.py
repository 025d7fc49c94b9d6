"""Where things stand on the site: an address for every observation, source, instrument and disagreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Lists that a hand-written page may hold (the `record` directive); until one does, a generated page holds them.
PLACES = {
    "sources": "evidence/sources",
    "instruments": "evidence/instruments",
    "disagreements": "evidence/disagreements",
    "indicators": "evidence/index",
}


def root_of(page: str) -> str:
    """Return the way from a page (`chapters/finance`) to the top of the site: `../`."""
    return "../" * page.count("/")


@dataclass(frozen=True)
class Links:
    """Addresses as seen from one page. `indicator_of` names the indicator of each obs_id."""

    root: str
    indicator_of: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=lambda: PLACES)

    def page(self, name: str) -> str:
        return f"{self.root}{name}.html"

    def listing(self, view: str) -> str:
        """The page that holds a list: sources, instruments, disagreements, indicators."""
        return self.page(self.places.get(view, PLACES[view]))

    def indicator(self, name: str) -> str:
        return self.page(f"evidence/{name}")

    def series(self, indicator: str, scope: str) -> str:
        return f"{self.indicator(indicator)}#scope-{scope}"

    def observation(self, obs_id: str) -> str:
        return f"{self.indicator(self.indicator_of.get(obs_id, obs_id))}#{obs_id}"

    def entry(self, view: str, anchor: str) -> str:
        return f"{self.listing(view)}#{anchor}"

    def source(self, source_id: str) -> str:
        return self.entry("sources", f"source-{source_id}")

    def instrument(self, instrument_id: str) -> str:
        return self.entry("instruments", f"instrument-{instrument_id}")

    def disagreement(self, disagreement_id: str) -> str:
        return self.entry("disagreements", f"disagreement-{disagreement_id}")


@dataclass(frozen=True)
class Bound(Links):
    """Addresses inside a book bound in one piece; what stands only on the site leads to `base`, or to an empty address.

    `suffix` is that of its pages: `.xhtml`, or nothing where all stand on one page.
    """

    base: str = ""
    suffix: str = ""

    def page(self, name: str) -> str:
        if name.startswith("evidence/"):
            return f"{self.base.rstrip('/')}/{name}.html" if self.base else ""
        return f"{self.root}{name}{self.suffix}" if self.suffix else ""

    def series(self, indicator: str, scope: str) -> str:
        return super().series(indicator, scope) if self.base else ""

    def observation(self, obs_id: str) -> str:
        return super().observation(obs_id) if self.base else ""

    def entry(self, view: str, anchor: str) -> str:
        page, inside = self.listing(view), not self.places[view].startswith("evidence/")
        return f"{page}#{anchor}" if page or inside else ""
