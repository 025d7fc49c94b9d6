"""Data as search engines of data read them: schema.org `Dataset` in JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cci.book.site.catalogue import Catalogue
from cci.book.site.citing import Imprint
from cci.book.site.links import Links
from cci.book.site.shelf import Row

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def whole_record(catalogue: Catalogue, links: Links, imprint: Imprint, *, page: str, cut_off: str) -> dict[str, Any]:
    """Return the description of the record; `cut_off` is the day up to which it can know anything."""
    files = [catalogue.package, *(file for table in catalogue.tables for file in table.files)]
    return {
        **_dataset(str(catalogue.about["title"]), str(catalogue.about["description"]), imprint, page),
        "keywords": list(catalogue.about.get("keywords", ())),
        "temporalCoverage": f"../{cut_off}",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.name,
                "contentUrl": _address(file.address, links, imprint),
                "encodingFormat": file.media,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
        ],
    }


def one_indicator(indicator: Row, observed: Sequence[Row], links: Links, imprint: Imprint) -> dict[str, Any]:
    """Return the description of all figures of an indicator; they must be some."""
    name, page = indicator["indicator"], f"evidence/{indicator['indicator']}"
    meaning = str(indicator["definition"] or indicator["label"]).rstrip(".")  # alone too short for search engines
    ends = sorted(row["period_end"] for row in observed if row["period_end"])
    starts = sorted(row["period_start"] or row["period_end"] for row in observed if row["period_end"])
    return {
        **_dataset(f"{indicator['label']}: what sources state",
                   f"{meaning}. Every figure that a source states, with its words, date, source and grade.",
                   imprint, page),
        **({"temporalCoverage": f"{starts[0]}/{ends[-1]}"} if ends else {}),
        "variableMeasured": {"@type": "PropertyValue", "name": indicator["label"], "unitText": indicator["unit"]},
        "keywords": sorted({row["scope_label"] for row in observed}),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{name}.csv",
                "contentUrl": _address(f"{page}.csv", links, imprint),
                "encodingFormat": "text/csv",
            }
        ],
    }  # fmt: skip


def _dataset(name: str, description: str, imprint: Imprint, page: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name,
        "description": description,
        "license": LICENCE,
        "version": imprint.version,
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "creator": {"@type": "Organization", "name": imprint.author},
        "isPartOf": {"@type": "Book", "name": imprint.book},
        **({"url": f"{imprint.base}{page}.html"} if imprint.base else {}),
    }


def _address(path: str, links: Links, imprint: Imprint) -> str:
    """A file as seen from its page, or in full where the site has an address."""
    return f"{imprint.base}{path}" if imprint.base else f"{links.root}{path}"
