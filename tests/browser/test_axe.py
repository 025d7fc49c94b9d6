"""No page type breaks a rule of WCAG 2.2 AA that a machine can check: light, dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# One of each type, and of chapters the one with the most kinds of charts; every page would take an hour.
TYPES = {
    "landing page": "index.html",
    "chapter": "chapters/standards.html",
    "chapter with a network or map": "chapters/dialogue.html",
    "disagreements": "chapters/disagreements.html",
    "list of sources": "chapters/sources.html",
    "instruments": "chapters/instruments.html",
    "gaps": "chapters/gaps.html",
    "data": "chapters/data.html",
    "methods": "chapters/methods.html",
    "evidence": "evidence/gov_commercial_projects_count.html",
    "index of evidence": "evidence/index.html",
    "search": "search.html",
}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize("page_type", TYPES)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")])
def test_no_rule_is_broken(open_page, address, page_type, width, scheme):
    with open_page(width=width, scheme=scheme) as page:
        page.goto(f"{address}/{TYPES[page_type]}")
        page.wait_for_function(
            '() => !document.querySelector(".cci-chart-stage:has(.cci-chart-spec):not([data-drawn])")',
            timeout=30_000,
        )
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        found = Axe().run(page, options=RULES).response["violations"]
        broken = [
            f"{rule['id']} ({rule['help']}): {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"][:3]
        ]
        assert broken == []
