"""Named sets of parameters: a YAML file says them once, and the whole book is run under each.

as-of-2021:
  as_of: 2021-12-31
sceptic:
  as_of: 2023-12-31
  finance:              # what only this chapter takes
    definition: regulator
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cci.book import yamlfile
from cci.errors import ParameterError

_SCALARS = (str, int, float, bool, datetime.date, type(None))
FORM = "write it as a name, and below it, indented, parameter: value"

Set = Mapping[str, Any]  # parameter -> value, or chapter -> its own parameters


def named(path: Path) -> dict[str, Set]:
    """Return the sets of a file by name, in its order. Raises ParameterError with what is wrong and where."""
    read = yamlfile.plain(path)
    if not isinstance(read, dict) or not read:
        raise ParameterError(f"{path} holds no sets; {FORM}")
    problems = [f"{path}, {name}: {fault}" for name, values in read.items() for fault in _faults(values)]
    if problems:
        raise ParameterError("\n".join(problems))
    return {str(name): values or {} for name, values in read.items()}


def parted(values: Set) -> tuple[dict[str, Any], dict[str, Mapping[str, Any]]]:
    """Return the parameters that a set gives every chapter, and those that it gives single ones."""
    own: dict[str, Mapping[str, Any]] = {name: value for name, value in values.items() if isinstance(value, dict)}
    return {name: value for name, value in values.items() if name not in own}, own


def _faults(values: Any) -> Iterator[str]:
    if values is not None and not isinstance(values, dict):
        yield f"{values!r} is no set of parameters; {FORM}"
        return
    for name, value in (values or {}).items():
        inner = value.items() if isinstance(value, dict) else [(name, value)]
        for key, one in inner:
            if not isinstance(key, str) or not isinstance(one, _SCALARS) or isinstance(one, datetime.datetime):
                yield f"{key}: {one!r} is no value of a parameter; give one number, date, text, true or false"
