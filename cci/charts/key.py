"""The one legend of the book: what each mark says, drawn with the marks themselves."""

from __future__ import annotations

import altair as alt
import pandas as pd

from cci.charts import sheet
from cci.charts.figures import shapes

_ROW = 26
# Mark, style, filled, what it says.
_MARKS = (
    ("dot exact", "figure", True, "a figure stated to the digit"),
    ("tick over", "figure", False, "stated as over, more than or at least"),
    ("tick under", "figure", False, "stated as nearly, under or up to"),
    ("tick about", "figure", False, "stated as about"),
    ("bar", "figure", True, "what rounding and wording allow"),
    ("ring exact", "figure", False, "a forecast or target, not an outcome"),
    ("cross exact", "contested", False, "in doubt: error, other definition, set aside"),
    ("break", "break", False, "a definition changes here"),
    ("dash", "scenario", False, "a scenario: computed by a model"),
    ("dot exact", "chinese", True, "said on the Chinese side"),
    ("dot exact", "singaporean", True, "said on the Singapore side"),
    ("dot exact", "other", True, "said elsewhere"),
    ("dot exact", "preferred", True, "the figure this book prefers"),
)
_TITLE = "What the marks say"


def key() -> alt.LayerChart:
    """Return the legend that explains every mark of the book once."""
    path = shapes("up")
    layers = []
    for number, (mark, style, filled, words) in enumerate(_MARKS):
        y = alt.YValue(_ROW * number + _ROW / 2)
        base = alt.Chart(sheet.inline(f"mark {number + 1}", [{"words": words}]))
        spot = base.encode(x=alt.XValue(14), y=y)
        if mark == "bar":
            bar = base.mark_rule(style=style, strokeWidth=6, opacity=0.3)
            layers.append(
                bar.encode(x=alt.XValue(14), y=alt.YValue(_ROW * number + 3), y2=alt.Y2Value(_ROW * (number + 1) - 3))
            )
        elif mark == "break":
            rule = base.mark_rule(style=style)
            layers.append(
                rule.encode(x=alt.XValue(14), y=alt.YValue(_ROW * number + 2), y2=alt.Y2Value(_ROW * (number + 1) - 2))
            )
        elif mark == "dash":
            rule = base.mark_rule(style=style, strokeDash=[6, 3], strokeWidth=2)
            layers.append(rule.encode(x=alt.XValue(2), x2=alt.X2Value(27), y=y))
        else:
            layers.append(
                spot.mark_point(style=style, shape=path[mark], filled=filled, size=50, strokeWidth=1.7, opacity=1)
            )
        layers.append(
            base.mark_text(style="label", align="left", baseline="middle").encode(
                x=alt.XValue(38), y=y, text=alt.Text("words:N")
            )
        )
    frame = pd.DataFrame([{"mark": mark, "meaning": words} for mark, _, _, words in _MARKS])
    return sheet.finish(
        layers,
        frame,
        kind="key",
        title=_TITLE,
        subtitle="The same in every chart of this book.",
        description=f"Legend. {'; '.join(words for *_, words in _MARKS)}.",
        columns={"meaning": "Meaning"},
        height=_ROW * len(_MARKS),
    )
