"""Read a YAML file that a person writes, as plain values: nothing in it is run, repeated by reference or lost."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

from cci.errors import ParameterError


def plain(path: Path, *, shown: str = "") -> Any:
    """Return what a file holds: mappings, lists, texts, numbers, dates.

    Raises ParameterError, with the file as `shown`, where it cannot be read, names a key twice (YAML would keep the
    last), refers back to a part of itself (a few lines could then stand for more than any memory holds) or is nested
    deeper than anybody writes by hand.
    """
    import yaml

    try:
        return deepcopy(_read(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as reason:
        said = "it is nested too deep" if isinstance(reason, RecursionError) else " ".join(str(reason).split())
        raise ParameterError(f"{shown or path} cannot be read as YAML: {said}") from reason


@lru_cache(maxsize=4)  # _toc.yml is asked for at every step of a build
def _read(text: str) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                event = self.peek_event()
                raise yaml.MarkedYAMLError(None, None, f"*{event.anchor} refers back; write it out", event.start_mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(None, None, f"{key.value} is given twice; keep one", key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    def number(loader: Loader, node: yaml.ScalarNode) -> Any:
        """A number as anybody reads it: to YAML 33:34 is 2014, sixty to the hour, and 017 is 15."""
        if ":" in node.value or re.match(r"[-+]?0[0-9_]", node.value):
            said = f"{node.value} is no plain number: put it in quotes where it is a text"
            raise yaml.MarkedYAMLError(None, None, said, node.start_mark)
        return yaml.SafeLoader.yaml_constructors[node.tag](loader, node)

    for kind in ("int", "float"):
        Loader.add_constructor(f"tag:yaml.org,2002:{kind}", number)
    return yaml.load(text, Loader)  # a safe loader, made stricter
