"""The explorer: a reader filters all figures, follows one to its evidence, and hands the filter on."""

import re

import pytest

PAGE = "chapters/explore.html"
ROWS = "#explorer tbody tr"


@pytest.fixture
def explorer(open_page, address):
    """The explorer in a window of its own, once its figures have come."""
    with open_page() as page:
        page.goto(f"{address}/{PAGE}")
        page.locator("#explorer form").wait_for(state="visible")
        yield page
        assert page.troubles == []


def counted(page):
    """How many figures pass, and of how many."""
    return [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", page.inner_text(".cci-explore-count"))]


def wait_for_count(page, *, below):
    page.wait_for_function(
        "most => Number(document.querySelector('.cci-explore-count').textContent.replace(/ of.*|,/g, '')) < most",
        arg=below,
    )
    return counted(page)[0]


def test_typed_words_leave_the_figures_that_hold_them_all(explorer):
    everything = counted(explorer)[1]
    explorer.get_by_label("Words").press_sequentially("weekly flights")
    found = wait_for_count(explorer, below=everything)
    assert found > 0
    for row in explorer.locator(ROWS).all():
        said = (row.text_content() + row.locator("a").get_attribute("href")).lower()  # the identifier counts too
        assert "weekly" in said
        assert "flights" in said


def test_two_chinese_characters_are_found_as_printed(explorer):
    everything = counted(explorer)[1]
    explorer.get_by_label("Words").fill("航班")
    wait_for_count(explorer, below=everything)
    texts = explorer.locator(ROWS).all_text_contents()
    assert texts
    assert all("航班" in text for text in texts)
    assert explorer.locator(f"{ROWS} [lang=zh]", has_text="航班").count() >= len(texts)


def test_every_list_narrows_to_the_count_it_announced(explorer):
    for facet in ("pillar", "indicator", "scope", "year", "grade", "kind", "flag"):
        field = explorer.locator(f"#explore-{facet}")
        offered = field.locator("option").all_text_contents()[1]
        announced = int(re.search(r"\((\d+)\)$", offered)[1])
        field.select_option(index=1)
        explorer.wait_for_function(
            "n => document.querySelector('.cci-explore-count').textContent.startsWith(n + ' of ')", arg=str(announced)
        )
        explorer.get_by_role("button", name="Clear the filter").click()
        explorer.wait_for_function("() => !/=/.test(location.hash)")


def test_lists_offer_only_what_the_rest_of_the_filter_leaves(explorer):
    everything = explorer.locator("#explore-indicator option").count()
    explorer.locator("#explore-pillar").select_option("aviation")
    explorer.wait_for_function("n => document.querySelectorAll('#explore-indicator option').length < n", arg=everything)
    assert explorer.locator("#explore-pillar option").count() > 2  # another pillar is one choice away


def test_a_row_leads_to_its_evidence_and_the_way_back_keeps_the_filter(explorer):
    explorer.get_by_label("Words").fill("TEU")
    explorer.locator("#explore-grade").select_option("B")
    explorer.wait_for_function("() => /words=TEU&grade=B/.test(location.hash)")
    before = explorer.inner_text(".cci-explore-count")
    link = explorer.locator(f"{ROWS} a").first
    words = link.inner_text()
    link.click()
    explorer.wait_for_url("**/evidence/*.html#*")
    assert words in explorer.locator(":target").inner_text()
    explorer.go_back()
    explorer.locator("#explorer form").wait_for(state="visible")
    assert explorer.inner_text(".cci-explore-count") == before
    assert explorer.get_by_label("Words").input_value() == "TEU"


@pytest.mark.parametrize("from_folder", [False, True])
def test_a_shared_address_opens_its_filter(open_page, address, site, from_folder):
    start = (site / PAGE).as_uri() if from_folder else f"{address}/{PAGE}"
    with open_page(width=360, height=740) as page:
        page.goto(f"{start}#words=%E9%87%8D%E5%BA%86&pillar=finance&year=2024")
        page.locator("#explorer form").wait_for(state="visible")
        found, everything = counted(page)
        assert 0 < found < everything
        assert page.locator("#explore-year").input_value() == "2024"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.troubles == []


def test_what_nobody_said_is_answered_in_words(explorer):
    explorer.get_by_label("Words").fill("<img src=x onerror=alert(1)>")
    explorer.get_by_text("None of").wait_for()
    assert explorer.locator(ROWS).count() == 0
    explorer.goto(explorer.url.split("#")[0] + "#flag=%3Cb%3E&nonsense=1")
    explorer.get_by_text("None of").wait_for()
    assert explorer.locator("#explorer b, #explorer img").count() == 0


def test_the_keyboard_alone_filters_and_pages(explorer):
    explorer.get_by_label("Words").focus()
    explorer.keyboard.press("Tab")
    assert explorer.evaluate("document.activeElement.name") == "pillar"
    shown = explorer.locator(ROWS).count()
    more = explorer.get_by_role("button", name="Show more")
    more.focus()
    explorer.keyboard.press("Enter")
    assert explorer.locator(ROWS).count() > shown
    assert explorer.evaluate("document.activeElement.closest('tr').rowIndex") == shown + 1  # the first new one


def test_without_scripts_the_page_says_where_the_figures_are(open_page, address):
    with open_page(scripts=False) as page:
        page.goto(f"{address}/{PAGE}")
        assert not page.locator("#explorer form").is_visible()
        for name in ("indicator", "source"):
            assert page.locator(".cci-explore-off").get_by_role("link", name=name).is_visible()


def test_figures_that_do_not_come_leave_the_way_to_the_lists(open_page, address):
    with open_page() as page:
        page.route("**/explore-data.js*", lambda route: route.abort())
        page.goto(f"{address}/{PAGE}")
        page.wait_for_timeout(300)
        assert page.locator(".cci-explore-off").is_visible()
        assert not page.locator("#explorer form").is_visible()


@pytest.mark.parametrize(
    ("words", "page_found"),
    [
        ("Weekly flights", "chapters/evidence.html"),  # an indicator, on the list
        ("Flights a week", "evidence/weekly_flights.html"),  # and its own page
        ("US$26 billion", "evidence/gov_commercial_projects_value.html"),  # a figure
        ("WCIFIT", "chapters/sources.html"),  # a publisher
        ("Air Corridor", "chapters/instruments.html"),  # an instrument
        ("江北", "chapters/sources.html"),  # two characters inside a longer run
        ("江北机场", "chapters/sources.html"),
    ],
)
@pytest.mark.parametrize("from_folder", [False, True])
def test_the_search_of_the_theme_finds_names(open_page, address, site, words, page_found, from_folder):
    start = site.as_uri() if from_folder else address
    with open_page() as page:
        page.goto(f"{start}/search.html?q={words}")
        page.locator(f'#search-results a[href^="{page_found}"]').first.wait_for()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("financing disagree", "chapters/finance.html"),  # another chapter has a heading with the first word
        ("destination ports", "evidence/destination_ports.html"),
        ("transit time", "evidence/transit_time.html"),
        ("347 projects", "evidence/gov_commercial_projects_count.html"),  # a figure: the page that lists it
        ("252,400", "evidence/air_passengers.html"),
        ("252400", "evidence/air_passengers.html"),
        ("467.7%", "evidence/overnight_visitors.html"),  # a growth rate
    ],
)
def test_a_page_ranks_by_its_own_title_and_figures_before_headings_on_others(open_page, address, words, first):
    with open_page() as page:
        page.goto(f"{address}/search.html?q={words}")
        page.locator("#search-results li:nth-child(2)").wait_for()
        assert page.locator("#search-results a").first.get_attribute("href").startswith(first)


def test_what_the_search_shows_of_a_page_reads_as_on_the_page(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/search.html?q=weekly+flights")
        found = page.locator("#search-results .context")
        found.nth(1).wait_for()
        page.wait_for_function("() => !document.querySelector('.search-summary').innerText.includes('Searching')")
        assert "Counted in flights per week Measure rate" in " ".join(found.all_inner_texts())
        assert page.locator(".search-summary").inner_text().startswith("Pages found: ")
        cards = page.locator("#search-results li", has=page.locator('a[href^="chapters/aviation"]')).locator(".context")
        assert "Grade" not in cards.inner_text()


def test_a_search_without_result_says_what_to_do(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/search.html?q=zeppelins")
        page.get_by_text("No page holds all of these words.").wait_for()
