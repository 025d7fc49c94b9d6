"""The scripts, styles and notices that the site ships; what the theme ships and no page asks for is removed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.config import Config

from cci.book import whole
from cci.book.build import code_state
from cci.book.site import trimming
from cci.book.site.binding import holdings
from cci.book.site.figures import Press
from cci.book.site.pages import Page
from cci.book.site.policy import STATED

_HERE = Path(__file__).parent
# The script that draws charts, filled in with the theme and the name of the bundle, is not one of the static files.
_LOADER = _HERE / "charts.js"
_NOTICE = "/*! Vega, Vega-Lite, Vega-Embed: BSD 3-Clause, see vega-LICENCES.txt */\n"
# Files of the theme and its extensions that no page of this site loads: source maps, the icon script and fonts
# (cci.css draws the dozen icons in use), logos of launch services, translations of the theme.
_UNUSED = (
    "**/*.map", "scripts/fontawesome.js*", "vendor/fontawesome", "images/logo_*", "locales", "*webpack-macros.html",
    "minus.png", "plus.png",
)  # fmt: skip
# What sphinx-copybutton adds to every page, whether it shows code or not.
_COPYING = {"clipboard.min.js", "copybutton.js", "copybutton.css"}
# Scripts that put no classes into a page: figures of the record, words and rules of the search.
_NO_CLASSES = {"explore-data.js", "language_data.js"}

_PRESSES: WeakKeyDictionary[Sphinx, Press] = WeakKeyDictionary()


def theme(app: Sphinx) -> dict[str, dict[str, Any]]:
    """Return the settings of charts, `light` and `dark`, as plain dicts."""
    kept, code = _kept(app) / "theme.json", code_state()
    told = json.loads(kept.read_text("utf-8")) if kept.is_file() else {}
    if told.get("code") != code:
        from cci.charts import theme as charts  # altair takes a third of a second: only a build by other code needs it

        told = {"code": code, "theme": {"light": charts.CONFIG, "dark": charts.DARK}}
        whole.write(json.dumps(told), kept, durable=False)
    found: dict[str, dict[str, Any]] = told["theme"]
    return found


def press_of(app: Sphinx) -> Press:
    """Return the press of this build; its drawings outlive the built site."""
    if app not in _PRESSES:
        _PRESSES[app] = Press(_kept(app), Path(app.outdir))
    return _PRESSES[app]


def _kept(app: Sphinx) -> Path:
    return Path(app.outdir).parent / ".chart-cache"


def ship(app: Sphinx, config: Config) -> None:
    """Add our files to those that Sphinx copies. They do not lie in the source's own `_static` folder: every script
    there would be loaded by every page."""
    made = _kept(app) / "static"
    bundle = _bundle(_kept(app))
    shutil.rmtree(made, ignore_errors=True)
    whole.write(bundle.read_text("utf-8"), made / bundle.name, durable=False)
    loader = _LOADER.read_text("utf-8").replace('"__THEME__"', json.dumps(theme(app), separators=(",", ":")))
    whole.write(loader.replace("__BUNDLE__", bundle.name), made / "charts.js", durable=False)
    config.html_static_path = [*config.html_static_path, str(_HERE / "static"), str(made)]
    # Themes append their folder to Sphinx's default itself, which a second build in one process inherits.
    config.templates_path = list(dict.fromkeys([str(_HERE / "theme"), *config.templates_path]))


def anticipate(app: Sphinx, builder: object) -> None:
    """Copy myst-nb's style sheet before the first page: its own copy comes after the last, so that the pages of a first
    build would name it without the checksum that those of a later one give it."""
    if app.builder.name == "html":
        Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
        add_global_html_resources(app, None)


def _bundle(kept: Path) -> Path:
    """One script with Vega, Vega-Lite and Vega-Embed, the same that draw the static pictures."""
    name = f"vega-{hashlib.sha256(version('vl-convert-python').encode()).hexdigest()[:8]}.js"
    if not (kept / name).is_file():
        import vl_convert

        code = vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;")
        whole.write(
            f"{_NOTICE}(()=>{{{code}}})();\n", kept / name, durable=False
        )  # it declares constants: keep them off the page
    return kept / name


def load(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Have a page load the script for charts only if it holds one, and no script before its text or within it."""
    if app.builder.name == "html":  # before anything that it judges
        context["metatags"] = STATED + context.get("metatags", "")
    scripts = context.get("script_files", [])
    # The theme's inline scripts name the page to a menu of versions, which this site has none of.
    scripts[:] = [script for script in scripts if "body" not in getattr(script, "attributes", ())]
    for script in scripts:  # shared by all pages: what one sets the next must unset
        name = getattr(script, "filename", None)
        if page == "search":  # the theme's search follows at once and needs what came before
            script.attributes.pop("defer", None)
        elif name:
            script.attributes["defer"] = "defer"
    if 'class="highlight"' not in context.get("body", ""):  # no code, nothing to copy
        for kind in ("script_files", "css_files"):  # the lists stay the ones that Sphinx and its extensions add to
            context[kind][:] = [file for file in context[kind] if _name(file) not in _COPYING]
    held = holdings(app.env).get(page)
    if held and held.charts:
        app.add_js_file("charts.js", loading_method="defer")
    if (held and held.charts) or 'class="cci-chart"' in context.get("body", ""):  # evidence pages: pictures alone
        app.add_js_file("actions.js", loading_method="defer")


def _name(file: object) -> str:
    return str(getattr(file, "filename", None) or file).rpartition("/")[2]


def tidy(app: Sphinx) -> None:
    """Remove files of the theme that no page asks for."""
    static = Path(app.outdir, "_static")
    for pattern in _UNUSED:
        for path in list(static.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def trim(app: Sphinx, pages: Iterable[Page]) -> None:
    """Remove rules that no page asks for from the theme's greatest style sheet."""
    static = Path(app.outdir, "_static")
    # Every page names this sheet without a checksum, so that it may change once all pages are written.
    scripts = [path for path in static.rglob("*.js") if path.name not in _NO_CLASSES and not path.match("vega-*.js")]
    met = frozenset(trimming.words(scripts)).union(*(page.names for page in pages))
    trimming.trim(static / "styles" / "pydata-sphinx-theme.css", met, kept=_kept(app) / "styles")
