"""A page on paper: nothing to press, charts as drawings, nothing cut, dark on white even where the screen was dark."""

import re

import pytest

PAGES = {
    "landing page": "index.html",
    "chapter": "chapters/standards.html",
    "evidence": "evidence/gov_commercial_projects_count.html",
}
A4 = 673  # CSS pixels between margins of 16 mm
PRESSED = (
    "button, input, select, textarea, summary, nav, [role=navigation], .cci-action, .vega-bindings, dialog, .skip-link"
)
# Every visible piece of text whose contrast with what lies behind it is below 4.5, or which stands on a dark ground.
FAINT = """() => {
  const parts = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = part => {
    for (; part; part = part.parentElement) {
      const colour = parts(getComputedStyle(part).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return light(colour);
    }
    return 1;
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (words.nextNode()) {
    const part = words.currentNode.parentElement;
    if (!words.currentNode.textContent.trim() || !part.checkVisibility({ visibilityProperty: true })) continue;
    const behind = ground(part), ink = light(parts(getComputedStyle(part)[part.closest("svg") ? "fill" : "color"]));
    if (behind < 0.8 || (behind + 0.05) / (ink + 0.05) < 4.5) faint.push(words.currentNode.data.trim());
  }
  return faint;
}"""
CUT = """() => [...document.querySelectorAll("main *")].filter(part => {
  const style = getComputedStyle(part);
  return part.checkVisibility() && part.clientWidth && style.overflowX !== "visible" && style.position !== "absolute"
    && part.scrollWidth > part.clientWidth + 1;
}).map(part => `${part.tagName}.${part.className}`)"""


@pytest.fixture(params=PAGES)
def sheet(request, open_page, address, draw_charts):
    """A page that was dark on the screen, as wide as paper and laid out for it."""
    with open_page(width=A4, scheme="dark") as page:
        page.goto(f"{address}/{PAGES[request.param]}")
        draw_charts(page)
        page.emulate_media(media="print", color_scheme="dark", reduced_motion="reduce")
        page.wait_for_function("() => [...document.images].every(i => i.complete || !i.checkVisibility())")
        yield page


def test_there_is_nothing_to_press_and_nothing_faint_or_cut(sheet):
    assert [part.inner_text() for part in sheet.locator(PRESSED).all() if part.is_visible()] == []
    assert sheet.evaluate(FAINT) == []
    assert sheet.evaluate(CUT) == []
    assert sheet.evaluate("document.documentElement.scrollWidth") <= A4


def test_charts_are_printed_as_drawings(sheet):
    charts = sheet.locator("figure.cci-chart").count()
    pictures = sheet.locator(".cci-chart-stage img")
    assert sum(picture.is_visible() for picture in pictures.all()) == charts
    grounds = pictures.evaluate_all("all => all.map(image => getComputedStyle(image).backgroundColor)")
    assert {*grounds} <= {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}
    made = sheet.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type /Page\b", made)) >= 2
    assert b"/Subtype /Image" not in made


def test_on_paper_an_indicator_says_where_its_sources_stand(open_page, address):
    with open_page(width=A4) as page:
        page.goto(f"{address}/{PAGES['evidence']}")
        page.emulate_media(media="print")
        link = page.locator(".cci-evidence a.cci-out").first
        printed = link.evaluate("link => getComputedStyle(link, '::after').content")
        assert link.get_attribute("href") in printed or "attr(href)" in printed


def test_what_is_faint_or_cut_is_found(open_page, address):
    with open_page(width=A4) as page:
        page.goto(f"{address}/index.html")
        page.evaluate(
            """() => document.querySelector("main").insertAdjacentHTML("afterbegin",
                 '<p class="faint">pale</p><div class="box"><p class="wide">wide</p></div>')"""
        )
        page.evaluate(
            """() => {
              document.querySelector(".faint").style.color = "#ccc";
              document.querySelector(".box").style.overflow = "auto";
              document.querySelector(".wide").style.width = "2000px";
            }"""
        )
        page.emulate_media(media="print")
        assert "pale" in page.evaluate(FAINT)
        assert "DIV.box" in page.evaluate(CUT)
