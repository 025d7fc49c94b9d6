"""No page type breaks a rule of WCAG 2.2 AA that a program can check: light and dark, on a laptop and a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

# One page of each type: the others are made by the same templates.
TYPES = {
    "landing page": "index.html",
    "chapter": "chapters/standards.html",
    "chapter with a network": "chapters/dialogue.html",
    "disagreements": "chapters/disagreements.html",
    "sources": "chapters/sources.html",
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


# Of siblings that hold the same kinds of elements, by tag, class, role and language and by what they stand in, three
# stay. What a rule can find in the others it finds in these, or on the whole page, which is looked at once.
CUT = """kept => {
  const named = one => ["class", "lang", "role", "type", "rel", "style"].reduce(
    (said, name) => one.hasAttribute(name) ? `${said} ${name}=${one.getAttribute(name)}` : said, one.tagName);
  const made = part => [...new Set(
    [part, ...part.querySelectorAll("*")].map(one => `${named(one.parentElement)} > ${named(one)}`)
  )].sort().join();
  let cut = 0;
  for (const parent of document.querySelectorAll("main :is(article, section, div, dl, ul, ol, tbody)")) {
    const met = new Map();
    for (const part of [...parent.children]) {
      if (!part.isConnected) continue; // went with its term
      const follower = part.tagName === "DT" ? part.nextElementSibling : null;
      if (part.tagName === "DD" && part.previousElementSibling?.tagName === "DT") continue; // its term decides
      const kind = made(part) + (follower ? made(follower) : "");
      met.set(kind, (met.get(kind) ?? 0) + 1);
      if (met.get(kind) <= kept) continue;
      for (const one of [part, follower]) one?.remove();
      cut += 1;
    }
  }
  return cut;
}"""


def broken_rules(page):
    """Every rule that the page breaks, with the first places where it does."""
    return [
        f"{rule['id']} ({rule['help']}): {node['target']} {node['failureSummary']}"
        for rule in Axe().run(page, options=RULES).response["violations"]
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page_type", TYPES)
def test_no_rule_is_broken(open_page, address, draw_charts, page_type, scheme, width):
    with open_page(width=width, scheme=scheme) as page:
        page.emulate_media(reduced_motion="reduce", color_scheme=scheme)  # what fades in has no contrast yet
        page.goto(f"{address}/{TYPES[page_type]}")
        draw_charts(page)
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        if (scheme, width) != ("light", 1280):
            page.evaluate(CUT, 3)
        broken = broken_rules(page)
        if broken:  # a second look tells what is broken from what was still being laid out
            page.wait_for_timeout(1_000)
            broken = broken_rules(page)
        assert broken == []


def test_a_broken_rule_is_found(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/search.html")
        page.evaluate("document.querySelector('h1, h2').insertAdjacentHTML('afterend', '<img src=\"\">')")
        assert any(rule.startswith("image-alt") for rule in broken_rules(page))
