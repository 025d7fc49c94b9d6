"""One typographic and colour system for every chart of the book, in a light and a dark version.

A colour is a kind of thing, never a decoration; marks name their kind as a Vega-Lite style, so that a page can swap
CONFIG for DARK and redraw. Every kind also differs by shape, dash or word: colour is never the only sign.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from cci.charts.renderer import render

# What each colour means. Distances between the meanings survive the three kinds of colour blindness, and every
# mark keeps a contrast of 3:1, every text of 4.5:1, against its page (tests/test_charts.py computes all of it).
LIGHT_PAGE = "#ffffff"
LIGHT = {
    "figure": "#2b83c4",  # a published figure; in a chart of several series, the first
    "second": "#0b2f57",  # the second to fifth series, in the order of their names
    "third": "#7390a8",
    "fourth": "#998535",
    "fifth": "#455c0a",
    "chinese": "#9a5212",  # said on the Chinese side
    "singaporean": "#00695c",  # said on the Singapore side
    "other": "#80878d",  # said elsewhere, or of no side
    "contested": "#a8174a",  # in doubt, flagged, or broken arithmetic; also the break of a definition
    "scenario": "#6e2d8b",  # computed by a model, never observed
    "preferred": "#1c2733",  # the figure this book would quote
    "text": "#1c2733",
    "muted": "#5a6370",
    "line": "#9aa2ab",
    "grid": "#e3e6ea",
}
DARK_PAGE = "#14181e"
NIGHT = {
    "figure": "#8cc4fb",
    "second": "#3f7fc1",
    "third": "#d5e6f5",
    "fourth": "#b89a3c",
    "fifth": "#8abe74",
    "chinese": "#d47a3f",
    "singaporean": "#3a9f8f",
    "other": "#c4cbd1",
    "contested": "#e0507a",
    "scenario": "#9a82dc",
    "preferred": "#eef2f6",
    "text": "#eef2f6",
    "muted": "#a9b3be",
    "line": "#6b7683",
    "grid": "#2a313a",
}
MEANINGS = ("figure", "chinese", "singaporean", "other", "contested", "scenario", "preferred")
SERIES = ("figure", "second", "third", "fourth", "fifth")

# The reader's own interface font; the Noto faces serve Chinese words where the first ones lack them.
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', 'Noto Sans CJK SC', "
    "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
)


def _config(colour: dict[str, str], page: str) -> dict[str, Any]:
    styles: dict[str, dict[str, Any]] = {name: {"color": colour[name]} for name in (*MEANINGS, *SERIES)}
    styles |= {
        "label": {"color": colour["text"], "fontSize": 11, "font": FONT},
        "strong": {"color": colour["text"], "fontSize": 11.5, "fontWeight": "bold", "font": FONT},
        "quiet": {"color": colour["muted"], "fontSize": 11, "font": FONT},
        "doubt": {"color": colour["contested"], "fontSize": 11, "fontWeight": "bold", "font": FONT},
        # The same word in the colour of the page, thicker, behind a word that crosses lines.
        "halo": {
            "color": page,
            "stroke": page,
            "strokeWidth": 4,
            "strokeJoin": "round",
            "fontSize": 11.5,
            "fontWeight": "bold",
            "font": FONT,
        },
        "divider": {"color": colour["line"], "strokeWidth": 1},
        "hairline": {"color": colour["grid"], "strokeWidth": 1},
        "land": {"color": colour["grid"]},
        "break": {"color": colour["contested"], "strokeWidth": 1.2, "strokeDash": [2, 3]},
    }
    return {
        "background": "transparent",
        "font": FONT,
        "padding": {"left": 2, "top": 4, "right": 6, "bottom": 2},
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "color": colour["text"],
            "fontSize": 14,
            "fontWeight": "bold",
            "lineHeight": 18,
            "subtitleColor": colour["muted"],
            "subtitleFontSize": 11.5,
            "subtitleLineHeight": 15,
            "subtitlePadding": 4,
            "offset": 12,
        },
        "axis": {
            "domain": False,
            "grid": True,
            "gridColor": colour["grid"],
            "labelColor": colour["muted"],
            "labelFontSize": 11,
            "labelPadding": 4,
            "tickColor": colour["line"],
            "titleColor": colour["muted"],
            "titleFontSize": 11,
            "titleFontWeight": "normal",
        },
        "axisX": {"domain": True, "domainColor": colour["line"], "grid": False, "tickSize": 4},
        "axisY": {"ticks": False},
        "legend": {
            "labelColor": colour["text"],
            "titleColor": colour["muted"],
            "labelFontSize": 11,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "symbolStrokeWidth": 2,
            "symbolOpacity": 1,
        },
        "range": {"category": [colour[name] for name in SERIES]},
        "style": styles,
    }


CONFIG = _config(LIGHT, LIGHT_PAGE)
DARK = _config(NIGHT, DARK_PAGE)


@alt.theme.register("cci", enable=False)
def _theme() -> alt.theme.ThemeConfig:
    return {"config": CONFIG}  # type: ignore[typeddict-item]


def use() -> None:
    """Draw charts with the book's theme and renderer from here on, and print frames the same in every kernel.

    Reads nothing and returns nothing; called once in a chapter's import cell.
    """
    alt.theme.enable("cci")
    # A chart is held against its schema when it is shown: holding each of its parts against it before finds no more.
    alt.utils.schemapi.disable_debug_mode()
    alt.renderers.register("cci", render)
    alt.renderers.enable("cci")
    # pandas chooses max_columns by whether it was imported in a kernel or a process: state it.
    pd.set_option("display.max_columns", 20, "display.max_rows", 20, "display.width", 100)
