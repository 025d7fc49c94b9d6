"""An evidence book on the China-Singapore (Chongqing) Demonstration Initiative on Strategic Connectivity.

`load()` returns the record; everything else starts from it. Importing this package reads no file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cci.errors import CCIError as CCIError
    from cci.record.dataset import Dataset as Dataset
    from cci.record.dataset import load as load
    from cci.record.intervals import Interval as Interval
    from cci.record.tables import DEFAULT as DEFAULT

__version__ = "0.1.0"
__all__ = ["DEFAULT", "CCIError", "Dataset", "Interval", "load"]

_HOME = {
    "DEFAULT": "cci.record.tables",
    "CCIError": "cci.errors",
    "Dataset": "cci.record.dataset",
    "Interval": "cci.record.intervals",
    "load": "cci.record.dataset",
}


def __getattr__(name: str) -> Any:
    # Names resolve on first use, so that `cci --help` need not wait for pandas.
    if name not in _HOME:
        raise AttributeError(f"module 'cci' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
