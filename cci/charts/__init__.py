"""The charts and tables of the book: a frame in, a chart out; what stands around it comes from the same frame.

One idea a chart, its title the finding. Every chart carries its alt text, source line, as-of date and table.
"""

from cci.charts.amounts import amounts
from cci.charts.coverage import coverage
from cci.charts.flows import flows
from cci.charts.key import key
from cci.charts.network import network
from cci.charts.routes import routes
from cci.charts.scenario import scenario
from cci.charts.statements import compared, statements
from cci.charts.table import table
from cci.charts.theme import use
from cci.charts.timeline import timeline
from cci.charts.trend import trend

__all__ = [
    "amounts",
    "compared",
    "coverage",
    "flows",
    "key",
    "network",
    "routes",
    "scenario",
    "statements",
    "table",
    "timeline",
    "trend",
    "use",
]
