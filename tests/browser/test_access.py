"""What a program such as axe cannot judge: the way of the focus, magnified pages, movement, languages, no mouse."""

from itertools import pairwise

import pytest

PAGES = {
    "landing page": "index.html",
    "chapter": "chapters/standards.html",
    "disagreements": "chapters/disagreements.html",
    "sources": "chapters/sources.html",
    "explorer": "chapters/explore.html",
    "data": "chapters/data.html",
    "evidence": "evidence/gov_commercial_projects_count.html",
    "search": "search.html",
}
# Where the focus is: its name, whether it shows, whether something lies over it, and where it stands in the text.
FOCUSED = """() => {
  const part = document.activeElement, box = part.getBoundingClientRect(), style = getComputedStyle(part);
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const spot = [...part.getClientRects()][0] ?? box;
  const over = document.elementFromPoint(spot.left + spot.width / 2, spot.top + spot.height / 2);
  return {
    name: `${part.tagName}.${part.className} ${(part.innerText || part.ariaLabel || "").trim().slice(0, 40)}`,
    seen: part.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 0
      && box.bottom > 0 && box.top < innerHeight && x >= 0,
    marked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
    covered: !(over && (part.contains(over) || over.contains(part))),
    top: box.top + scrollY,
    inText: Boolean(part.closest("article")),
  };
}"""


def walked(page, steps):
    """Where the focus goes with so many presses of Tab."""
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):  # past the last one
            break
        found.append(page.evaluate(FOCUSED))
    return found


def test_the_first_tab_offers_to_skip_to_the_text(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{PAGES['chapter']}")
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        assert skip.inner_text() == "Skip to main content"
        page.wait_for_function("() => document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_focus_is_seen_wherever_it_goes_and_goes_down_the_text(open_page, address, width, draw_charts):
    with open_page(width=width) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{address}/{PAGES['chapter']}")
        draw_charts(page)
        assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
        way = walked(page, 120)
        assert [at for at in way if not at["seen"]] == []
        assert [at for at in way if not at["marked"]] == []
        assert [at for at in way if at["covered"]] == []
        tops = [at["top"] for at in way if at["inText"]]
        assert len(tops) > 20
        assert [(a, b) for a, b in pairwise(tops) if b < a - 60] == []  # within a line or a row


@pytest.mark.parametrize("page_type", PAGES)
@pytest.mark.parametrize("width", [640, 320])  # a laptop's 1280 pixels magnified to 200 % and 400 %
def test_a_magnified_page_scrolls_one_way_only(open_page, address, page_type, width, draw_charts):
    with open_page(width=width, height=450) as page:
        page.goto(f"{address}/{PAGES[page_type]}")
        draw_charts(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").first.is_visible()


def test_text_of_twice_the_size_is_not_cut(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{PAGES['landing page']}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter(part => part.checkVisibility()
                 && getComputedStyle(part).overflow === "hidden" && part.clientHeight > 1
                 && part.scrollHeight > part.clientHeight + 2).map(part => `${part.tagName}.${part.className}`)"""
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_moves_for_who_asked_for_stillness(open_page, address):
    with open_page() as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(f"{address}/{PAGES['chapter']}")
        moving = """() => [...document.querySelectorAll("*")].filter(part => {
          const style = getComputedStyle(part);
          const lasts = `${style.transitionDuration}, ${style.animationDuration}`.split(",").some(t => parseFloat(t));
          return lasts && style.animationName + style.transitionProperty !== "noneall"
            || style.scrollBehavior === "smooth";
        }).map(part => part.tagName)"""
        assert page.evaluate(moving) == []
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate(moving) != []  # the question can be answered otherwise


def test_every_chinese_word_says_its_language(open_page, address, site, draw_charts):
    pages = [
        *PAGES.values(),
        "chapters/methods.html",
        "chapters/finance.html",
        "chapters/glossary.html",
        "chapters/instruments.html",
    ]
    with open_page() as page:
        found = 0
        for name in pages:
            page.goto(f"{address}/{name}")
            draw_charts(page)
            tagged, bare = page.evaluate(
                """() => {
                  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), bare = [];
                  let tagged = 0;
                  while (words.nextNode()) {
                    const { data, parentElement } = words.currentNode;
                    // A label of a drawing is one string; the table below the chart has its words tagged.
                    if (!/[\\u3400-\\u9fff]/.test(data) || parentElement.closest("script, svg")) continue;
                    if (/^(zh|ja)/.test(parentElement.closest("[lang]").lang)) tagged += 1;
                    else bare.push(data.trim().slice(0, 40));
                  }
                  return [tagged, bare];
                }"""
            )
            assert bare == [], name
            found += tagged
        assert found > 100


def test_a_card_comes_by_keyboard_and_goes_with_escape(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{PAGES['chapter']}")
        link = page.locator(".cci-cited-link").first
        card = page.locator(".cci-card").first
        link.focus()
        assert card.is_visible()
        page.keyboard.press("Escape")
        assert not card.is_visible()
        assert page.evaluate("document.activeElement.className") == "cci-cited-link"
        page.keyboard.press("Tab")
        link.focus()
        assert card.is_visible()


def test_folds_of_a_chart_open_and_close_by_keyboard(open_page, address):
    with open_page() as page:
        page.goto(f"{address}/{PAGES['chapter']}")
        chart = page.locator("figure.cci-chart:has(.cci-chart-spec)").first
        for words in ("Table", "Evidence", "Cite"):
            fold = chart.locator("details", has=page.locator("summary", has_text=words)).first
            fold.locator("summary").focus()
            page.keyboard.press("Enter")
            assert fold.get_attribute("open") is not None
            page.keyboard.press("Space")
            assert fold.get_attribute("open") is None


def test_a_tap_on_a_figure_shows_its_card_and_a_second_follows_it(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}/{PAGES['chapter']}")
    link = page.locator(".cci-cited-link").first
    link.tap()
    card = page.locator(".cci-card").first
    card.wait_for(state="visible")
    assert page.url == f"{address}/{PAGES['chapter']}"
    page.locator("h1").tap()
    card.wait_for(state="hidden")
    link.tap()
    link.tap()
    page.wait_for_url("**/evidence/*.html#*")
    context.close()
