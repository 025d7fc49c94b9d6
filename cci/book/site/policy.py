"""What a page may load and run, as a Content-Security-Policy in its head, and what on a page that policy would stop.

Everything comes from the site; nothing is inline and nothing is compiled from text, so that a script smuggled into a
page is not run. Vega compiles the expressions of charts unless told to interpret them, which charts.js does. Who serves
the site may add what a page cannot say of itself, `frame-ancestors 'none'`, as a header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A page opened from a folder has no origin: there `file:` is what browsers agree on, and on a server it opens nothing.
_OWN = "'self' file:"
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src {_OWN}",
        f"style-src {_OWN}",
        f"img-src {_OWN} data:",  # icons stand as data in cci.css
        f"font-src {_OWN}",
        f"connect-src {_OWN}",  # the theme's search reads the pages it found for their first lines
        f"form-action {_OWN}",  # the search field
        "base-uri 'none'",
    ]
)
STATED = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
_INSIDE = r"((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"  # attributes
_TAG = re.compile(rf"<([a-z]+)\b{_INSIDE}")
_LOADING = re.compile(rf"<(link|script|style)\b{_INSIDE}")
_HANDLER = re.compile(r"\s(on[a-z]+|style)\s*=")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_DATA = re.compile(r"""\stype=["']?application/(?:ld\+)?json\b""")


def breaches(html: str) -> Iterator[str]:
    """Yield what a page lacks or holds against the policy, each as the end of a sentence that names the page."""
    stated = html.find(f'content="{POLICY}"')
    if stated < 0:
        yield "does not state its Content-Security-Policy."
    for tag in _LOADING.finditer(html):
        name, attributes = tag[1], tag[2]
        if name == "style" or (name == "script" and " src=" not in attributes and not _DATA.search(attributes)):
            yield f"holds an inline {name}, which its Content-Security-Policy stops: move it to a file of the site."
        if name in {"script", "link"} and tag.start() < stated:
            yield f"loads a {name} before it states its Content-Security-Policy."
    # Most pages have nothing that reads like a handler, and need not be taken apart tag by tag.
    for tag in _TAG.finditer(html) if _HANDLER.search(html) else ():
        for handler in _HANDLER.findall(_QUOTED.sub('""', tag[2])):
            yield f"holds the attribute {handler} on <{tag[1]}>, which its Content-Security-Policy stops."
