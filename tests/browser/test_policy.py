"""What the Content-Security-Policy of a page stops, on a server and from a folder, and that the book works under it."""

import pytest

CHAPTER = "chapters/standards.html"
SMUGGLED = """<script>window.ran = "inline script"</script><img src="x" onerror="window.ran = 'handler'">
<a id="trap" href="javascript:window.ran='address'">x</a><style>h1 { display: none }</style>
<base href="https://elsewhere.example/"><iframe src="https://elsewhere.example/"></iframe>"""


@pytest.fixture(params=["served", "folder"])
def at(request, address, site):
    """The address of a page, on a server and as a file."""
    if request.param == "served":
        return lambda page: f"{address}/{page}"
    return lambda page: (site / page).as_uri()


def watched(page):
    """Note every breach of the policy from the first byte of a page on."""
    page.add_init_script(
        "window.breaches = []; addEventListener('securitypolicyviolation', e => breaches.push(e.effectiveDirective))"
    )


def test_text_smuggled_into_a_page_neither_runs_nor_restyles(open_page, at, site):
    page_text = (site / CHAPTER).read_text("utf-8")
    with open_page() as page:
        watched(page)
        poisoned = page_text.replace("<h1>", f"{SMUGGLED}<h1>", 1)
        assert poisoned != page_text
        page.route("**/standards.html", lambda route: route.fulfill(body=poisoned, content_type="text/html"))
        page.goto(at(CHAPTER))
        page.locator("#trap").click()
        page.wait_for_timeout(200)
        assert page.evaluate("window.ran") is None
        assert page.locator("h1").first.is_visible()
        assert page.evaluate("document.baseURI") == at(CHAPTER)
        assert {"script-src-elem", "script-src-attr", "style-src-elem", "frame-src", "base-uri"} <= set(
            page.evaluate("breaches")
        )


def test_nothing_is_asked_of_another_host_and_no_text_is_compiled(open_page, at):
    with open_page() as page:
        watched(page)
        page.goto(at(CHAPTER))
        refused = page.evaluate(
            """async () => {
              const host = "https://elsewhere.example/";
              const load = (name, address) => new Promise(done => {
                const made = document.createElement(name);
                made.onload = () => done("loaded");
                made.onerror = () => done("refused");
                made.rel = "stylesheet";
                made[name === "link" ? "href" : "src"] = address;
                document.head.append(made);
              });
              const compiled = () => { try { return String(eval("6 * 7")) } catch (error) { return error.name } };
              return [
                await fetch(host + "data").then(() => "loaded", () => "refused"),
                await load("script", host + "a.js"), await load("img", host + "a.png"),
                await load("link", host + "a.css"), compiled(),
              ];
            }"""
        )
        assert refused == ["refused"] * 4 + ["EvalError"]
        assert {"connect-src", "script-src-elem", "img-src", "style-src-elem", "script-src"} <= set(
            page.evaluate("breaches")
        )


def test_the_print_button_prints(open_page, at):
    with open_page() as page:
        page.add_init_script("window.printed = 0; window.print = () => { printed += 1 }")
        page.goto(at(CHAPTER))
        page.get_by_role("button", name="Print this page").click()
        assert page.evaluate("printed") == 1
        assert page.troubles == []


def test_the_search_page_is_ready_to_be_typed_into(open_page, at):
    with open_page() as page:
        page.goto(at("search.html"))
        page.keyboard.type("ports")
        page.keyboard.press("Enter")
        page.locator("#search-results li a").first.wait_for()
