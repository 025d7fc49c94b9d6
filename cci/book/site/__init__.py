"""The Sphinx extension of the book: charts, figures in prose, evidence pages, and a check that nothing is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from cci.book.build import code_state
from cci.book.site import (
    asking,
    assets,
    binding,
    complete,
    contents,
    equations,
    evidence,
    languages,
    listings,
    measured,
    navigation,
    outputs,
    pages,
    panels,
    portable,
    roles,
    searching,
    sharing,
)
from cci.book.site.builder import Builder

_PAGES = "pages.json"  # what was found on each, beside the doctrees


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx; `cci.book.site` stands among the extensions in _config.yml."""
    app.add_config_value("cci_data", "", "env", str)
    app.add_builder(Builder, override=True)

    app.add_node(outputs.panel, html=(panels.visit_panel, None))
    app.add_node(binding.cited, html=(panels.visit_cited, None))
    app.add_role("obs", roles.Observation())
    app.add_role("count", roles.Count())
    app.add_role("edition", roles.Edition())
    app.add_role_to_domain("glue", "text", roles.Result(), override=True)
    for name, role in roles.NAMES.items():
        app.add_role(name, role)
    app.add_transform(roles.PlainHeadings)
    app.add_directive("record", listings.RecordList)
    app.add_directive("measured", measured.Measured)
    app.add_html_math_renderer(
        "mathml", inline_renderers=(equations.visit_inline, None), block_renderers=(equations.visit_block, None)
    )
    app.add_search_language(searching.SearchEnglishAndChinese)
    app.add_css_file("cci.css", priority=900)  # after the theme's own

    app.connect("config-inited", assets.ship)
    app.connect("config-inited", portable.configure)
    app.connect("config-inited", searching.rank)
    app.connect("builder-inited", binding.open_record)
    app.connect("builder-inited", asking.open_ledger)
    app.connect("env-get-outdated", asking.outdated)
    app.connect("env-get-outdated", contents.changed)
    app.connect("env-before-read-docs", asking.withdraw)
    app.connect("source-read", asking.begin_reading)
    app.connect("source-read", complete.count)
    app.connect("doctree-read", binding.remember, priority=400)  # it adds a section: before the contents are listed
    app.connect("doctree-read", asking.end_reading, priority=900)
    app.connect("env-purge-doc", binding.forget)
    app.connect("env-purge-doc", asking.forget)
    app.connect("env-merge-info", binding.merge)
    app.connect("env-merge-info", asking.merge)
    app.connect("env-updated", asking.rewritten)
    app.connect("env-updated", contents.keep)
    app.connect("write-started", asking.withdraw)
    app.connect("write-started", assets.anticipate)
    app.connect("doctree-resolved", asking.begin_writing, priority=100)
    app.connect("env-updated", sharing.draw_cover)
    app.connect("doctree-resolved", portable.drop_code)
    app.connect("doctree-resolved", languages.mark)
    app.connect("html-collect-pages", evidence.collect)
    app.connect("html-collect-pages", searching.forget)
    app.connect("html-page-context", navigation.share, priority=400)  # before the theme lays anything out
    app.connect("html-page-context", assets.load, priority=900)  # once the theme has put its own in
    app.connect("html-page-context", sharing.tell)
    app.connect("html-page-context", asking.end_writing, priority=999)
    app.connect("build-finished", finish)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def finish(app: Sphinx, error: Exception | None) -> None:
    """Tidy the built site, or the bound book, and check that it is whole."""
    if error is None:
        asking.keep(app)
    if error is None and portable.is_portable(app):
        portable.finish(app)
    if error is None and app.builder.name == "html":
        assets.tidy(app)
        written = pages.read(Path(app.outdir), Path(app.doctreedir, _PAGES), code_state())
        assets.trim(app, written.values())
        sharing.finish(app, written)
        complete.check(app, written)
