"""The page of a review: readable everywhere, without a script, and whatever the texts in it try."""

import copy

import pytest
from reviewed import CHART
from test_axe import broken_rules

from cci.book.review.changes import Change, Charts, Review, ordered
from cci.book.review.dossier import dossier
from cci.book.review.severity import RULES

HOSTILE = "</h3><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\"> 签约项目"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """A page with a change of every kind, long words and hostile texts."""
    other = copy.deepcopy(CHART)
    other["data"]["values"][1]["y"] = 125
    changes = [
        Change(rule, HOSTILE, f"It held 120 {HOSTILE}", "It holds 125", "overnight_visitors/" + "x" * 60, (HOSTILE,))
        for rule in RULES
    ]
    changes.append(Change("chart-changed", "Projects grew", where="first", charts=Charts(CHART, other)))
    path = tmp_path_factory.mktemp("review") / "dossier.html"
    path.write_text(dossier(Review("main", "side", ordered(changes), (HOSTILE,))), "utf-8")
    return path


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_breaks_no_rule_runs_nothing_and_fits(open_page, page_file, scheme, width):
    with open_page(width=width, scheme=scheme) as page:
        page.goto(page_file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert broken_rules(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.title().startswith("Review of side: ")
        assert page.locator("h3 script, h3 img").count() == 0
        drawn = "[...document.images].map(image => image.naturalWidth > 0 && image.currentSrc)"
        before, after = page.evaluate(drawn)
        assert before
        assert after
        assert before != after
        assert page.troubles == []
