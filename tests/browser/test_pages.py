"""What a person meets: every page opens clean, every chart is drawn, at any width, in the dark, without scripts."""

import re
from pathlib import Path

import pytest

CHART = ".cci-chart-stage:has(.cci-chart-spec)"  # those of evidence pages are pictures alone
DRAWN = ".cci-chart-stage[data-drawn] .cci-chart-live svg.marks"


@pytest.fixture(scope="session")
def pages(site):
    """Every page that was written by hand, and the search page."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if path.parent.name != "evidence")


@pytest.fixture(scope="session")
def evidence(site):
    """Every generated page."""
    return sorted(path.relative_to(site).as_posix() for path in (site / "evidence").glob("*.html"))


@pytest.fixture(scope="session")
def with_charts(site, pages):
    found = [page for page in pages if 'class="cci-chart"' in (site / page).read_text("utf-8")]
    assert found, "no page of the site holds a chart"
    return found


@pytest.fixture(scope="session")
def with_figures(site, pages):
    return [page for page in pages if "cci-cited-link" in (site / page).read_text("utf-8")]


def wider_than_window(page):
    """What sticks out of the window to the right, if anything; what scrolls in a box of its own does not."""
    if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        return []
    return page.evaluate(
        """boxes => [...document.querySelectorAll("body *")]
             .filter(part => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest(boxes))
             .slice(0, 3).map(part => `${part.tagName}.${part.className}`)""",
        ".cci-scroll, .pst-scrollable-table-container, pre",
    ) or ["the page"]


def test_every_page_opens_clean_and_draws_its_charts(open_page, address, pages, draw_charts):
    wrong = []
    with open_page() as page:
        for name in pages:
            page.troubles.clear()
            page.goto(f"{address}/{name}")
            draw_charts(page)
            wrong += [f"{name}: {trouble}" for trouble in page.troubles]
    assert wrong == []


def test_every_evidence_page_opens_clean(open_page, address, evidence):
    wrong = []
    with open_page() as page:
        for name in evidence:
            page.troubles.clear()
            page.goto(f"{address}/{name}")
            wrong += [f"{name}: {trouble}" for trouble in page.troubles]
    assert wrong == []


def test_the_site_works_from_a_folder(open_page, site, pages, evidence, draw_charts):
    wrong = []
    with open_page() as page:
        for name in [*pages, evidence[0]]:
            page.troubles.clear()
            page.goto((site / name).as_uri())
            draw_charts(page)
            wrong += [f"{name}: {trouble}" for trouble in page.troubles]
    assert wrong == []


def test_no_page_is_wider_than_a_phone(open_page, address, site, pages, evidence, draw_charts):
    longest = sorted(evidence, key=lambda name: (site / name).stat().st_size, reverse=True)[:8]
    wrong = []
    with open_page(width=360, height=740) as page:
        for name in [*pages, *longest]:
            page.goto(f"{address}/{name}")
            draw_charts(page)
            wrong += [f"{name}: {part}" for part in wider_than_window(page)]
    assert wrong == []


def test_a_chart_is_as_wide_as_its_column_at_any_width(open_page, address, with_charts, draw_charts):
    with open_page(width=1280) as page:
        page.goto(f"{address}/{with_charts[0]}")
        draw_charts(page)
        for width in (1280, 768, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_function(
                """selector => [...document.querySelectorAll(selector)].every(svg => {
                     const room = svg.closest(".cci-chart-stage").clientWidth;
                     return Math.abs(svg.getBoundingClientRect().width - room) < 12;
                   })""",
                arg=DRAWN,
                timeout=5_000,
            )


def test_the_theme_switch_redraws_every_chart(open_page, address, with_charts, draw_charts):
    with open_page() as page:
        page.goto(f"{address}/{with_charts[0]}")
        charts = draw_charts(page)
        fills = "[...document.querySelectorAll('.cci-chart-live svg.marks text')].map(t => t.getAttribute('fill'))"
        light = set(page.evaluate(fills))
        for _ in range(3):  # auto, dark, light in an order that depends on the system
            page.locator(".theme-switch-button").first.click()
            if page.evaluate("document.documentElement.dataset.theme") == "dark":
                break
        page.wait_for_function(
            "n => document.querySelectorAll('.cci-chart-stage[data-drawn=dark]').length === n", arg=charts
        )
        dark = set(page.evaluate(fills))
        assert dark.isdisjoint(light)
        assert page.locator(".cci-chart-live").count() == charts  # the light ones are gone
        assert page.troubles == []


def test_a_reader_whose_system_is_dark_gets_dark_pages(open_page, address, with_charts, draw_charts):
    with open_page(scheme="dark") as page:
        page.goto(f"{address}/{with_charts[0]}")
        draw_charts(page)
        assert page.locator(".cci-chart-stage[data-drawn=dark]").count() == page.locator(CHART).count()


@pytest.mark.parametrize("width", [1280, 360])
def test_without_scripts_every_chart_is_a_picture(open_page, address, with_charts, width):
    with open_page(width=width, scripts=False) as page:
        for name in with_charts:
            page.goto(f"{address}/{name}")
            images = page.locator(f"{CHART} img")
            assert images.count() == page.locator(CHART).count()
            for image in images.all():
                image.scroll_into_view_if_needed()
                assert image.is_visible()
                assert image.bounding_box()["height"] > 50
                assert image.get_attribute("alt")
        assert page.troubles == []


def test_pictures_are_whole_without_scripts(open_page, address, site, with_charts):
    with open_page() as page:  # whether a picture was decoded only a script can tell: look at the files themselves
        for name in with_charts:
            text = (site / name).read_text("utf-8")
            for picture in set(re.findall(r'(?:src|srcset)="([^"]*_charts/[^"]+\.svg)"', text)):
                page.goto(f"{address}/{Path(name).parent.joinpath(picture).as_posix()}")
                assert page.evaluate("document.documentElement.tagName") == "svg"
                assert page.evaluate("document.querySelectorAll('.mark-group').length > 0")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_figure_shows_its_card_on_focus_and_on_hover(open_page, address, with_figures, width, scripts):
    with open_page(width=width, scripts=scripts) as page:
        page.goto(f"{address}/{with_figures[0]}")
        link = page.locator(".cci-cited-link").first
        card = page.locator(".cci-card").first
        assert not card.is_visible()
        link.focus()
        assert card.is_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.locator(".cci-cited-link").last.focus()
        if page.locator(".cci-cited-link").count() > 1:
            assert not card.is_visible()
        link.hover()
        assert card.is_visible()


def test_a_figure_leads_to_its_row(open_page, address, with_figures):
    with open_page() as page:
        page.goto(f"{address}/{with_figures[0]}")
        words = page.locator(".cci-cited-link").first.inner_text()
        page.locator(".cci-cited-link").first.click()
        page.wait_for_url("**/evidence/*.html#*")
        row = page.locator(":target")
        assert words in row.inner_text()
        assert row.bounding_box()["y"] < 900


def test_on_paper_charts_stand_and_menus_do_not(open_page, address, with_charts, draw_charts):
    for scheme in ("light", "dark"):
        with open_page(scheme=scheme) as page:
            page.goto(f"{address}/{with_charts[0]}")
            draw_charts(page)
            page.emulate_media(media="print")
            shown = page.locator(f"{DRAWN}, {CHART} img")
            assert sum(part.is_visible() for part in shown.all()) == page.locator(CHART).count()
            assert not page.locator(".bd-sidebar-primary").is_visible()
            assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_search_finds_a_page_and_opens_from_any_page(open_page, address, with_charts):
    with open_page() as page:
        page.goto(f"{address}/{with_charts[0]}")
        page.keyboard.press("Control+k")
        field = page.locator("#pst-search-dialog input")
        field.wait_for(state="visible")
        field.fill("projects")
        field.press("Enter")
        page.wait_for_url("**/search.html?q=projects*")
        page.locator("#search-results li a").first.wait_for()
        assert page.troubles == []


def test_the_menu_opens_on_a_phone(open_page, address):
    with open_page(width=360, height=740) as page:
        page.goto(f"{address}/index.html")
        assert not page.locator("#pst-primary-sidebar").is_visible()
        page.locator("button.primary-toggle").first.click()
        page.locator("dialog[open] nav.bd-links a").first.wait_for(state="visible")


def test_vega_is_fetched_once_and_not_before_a_chart_comes_near(open_page, address, with_charts, draw_charts):
    with open_page() as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/{with_charts[0]}", wait_until="domcontentloaded")
        assert page.locator("h1").first.is_visible()
        page.wait_for_load_state("networkidle")
        assert not any("/vega-" in url for url in asked)  # no chart is near yet
        draw_charts(page)
        assert sum("/vega-" in url for url in asked) == 1


def test_a_reader_moves_a_scenario_among_its_computed_states(open_page, site):
    page_with = next(
        path for path in sorted((site / "chapters").glob("*.html")) if '"input":"range"' in path.read_text("utf-8")
    )
    with open_page() as page:
        page.goto(page_with.as_uri())
        slider = page.locator(".vega-bindings input[type=range]").first
        stage = page.locator(".cci-chart-stage", has=slider)
        page.evaluate(
            """() => [...document.querySelectorAll(".cci-chart-spec")]
                 .find(spec => spec.textContent.includes('"input":"range"')).parentElement.scrollIntoView()"""
        )
        slider.wait_for(timeout=20_000)
        before, drawn = slider.input_value(), stage.locator("svg.marks").inner_html()
        slider.focus()
        page.keyboard.press("ArrowRight" if before != slider.get_attribute("max") else "ArrowLeft")
        page.wait_for_function("([node, was]) => node.value !== was", arg=[slider.element_handle(), before])
        page.wait_for_timeout(300)
        chosen, moved = slider.input_value(), stage.locator("svg.marks").inner_html()
        assert moved != drawn
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        stage.and_(page.locator("[data-drawn=dark]")).wait_for(timeout=20_000)
        assert slider.input_value() == chosen  # the choice outlives a change of colours
        assert page.troubles == []


def test_a_computed_figure_shows_what_it_rests_on_and_leads_to_it(open_page, site):
    with open_page() as page:
        page.goto((site / "chapters" / "overview.html").as_uri())
        result = page.locator('a[href^="#result-"]').first
        result.focus()
        card = page.locator(f"#{result.get_attribute('aria-describedby')}")
        card.wait_for(state="visible")
        assert "Computed in this chapter" in card.inner_text()
        page.keyboard.press("Enter")
        entry = page.locator(result.get_attribute("href"))
        entry.wait_for(state="visible")  # the fold opens for whoever arrives at what it hides
        assert page.locator(f"{result.get_attribute('href')} + dd a").count() > 0


def test_without_scripts_a_phone_has_the_pages_of_the_book(open_page, address):
    with open_page(width=360, height=740, scripts=False) as page:
        page.goto(f"{address}/chapters/standards.html")
        assert page.locator("h1").bounding_box()["y"] < 200
        page.locator("#pst-primary-sidebar a", has_text="Finance").click()
        page.wait_for_url("**/chapters/finance.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
