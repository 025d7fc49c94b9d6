"""Bring a notebook into the one form in which re-running unchanged data changes no byte.

What depends on when, where and by which Python a notebook was run is dropped; what it says is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from cci.errors import CCIError

# The state of an editor or of one execution: papermill and nbclient write the first two, Jupyter and VS Code the rest.
CELL_NOISE = (
    "papermill", "execution", "ExecuteTime", "collapsed", "scrolled", "editable", "slideshow", "trusted", "vscode",
)  # fmt: skip
NOTEBOOK_NOISE = ("papermill", "widgets", "vscode", "toc-autonumbering", "signature")
# Every chapter says the same, whichever machine wrote it last; the lexer colours the code on the page.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
# papermill marks a failed cell by inserting cells with this tag; the stamp says the same without altering the notebook.
ERROR_MARKER = "papermill-error-cell-tag"
INJECTED = "injected-parameters"


def read(path: Path) -> NotebookNode:
    """Return the notebook at `path` (format 4), every cell with a stable id. Raises CCIError when it is none."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"), object_hook=NotebookNode)
        if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
            raise ValueError("not in notebook format 4")
        # Before nbformat sees it, which would make up a new random id at each reading.
        _identify(notebook["cells"])
        notebook["nbformat_minor"] = max(5, notebook.get("nbformat_minor", 5))
        # The line lists of the file format are joined to strings, as nbformat's own reader leaves them.
        node: NotebookNode = nbformat.v4.rwbase.rejoin_lines(notebook)
        nbformat.validate(node)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nbformat.ValidationError) as reason:
        first = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
        raise CCIError(f"{path.name} cannot be read as a notebook ({first}); open and save it in Jupyter") from reason
    return node


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without noise: stable cell ids, counts 1..n in order, merged streams, fixed kernel metadata."""
    notebook = json.loads(json.dumps(notebook), object_hook=NotebookNode)  # a copy, by far faster than deepcopy
    notebook.cells = [cell for cell in notebook.cells if ERROR_MARKER not in tags(cell)]
    _identify(notebook.cells)
    kept = {key: value for key, value in notebook.metadata.items() if key not in NOTEBOOK_NOISE}
    notebook.metadata = nbformat.from_dict(kept | {"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    executed = 0
    for cell in notebook.cells:
        for key in CELL_NOISE:
            cell.metadata.pop(key, None)
        for key in ("tags", "jupyter"):
            if not cell.metadata.get(key, True):
                del cell.metadata[key]
        if INJECTED in tags(cell):
            cell.id = INJECTED
        if cell.cell_type != "code":
            continue
        if cell.get("execution_count") is not None:
            executed += 1
            cell.execution_count = executed
        else:
            cell.execution_count = None
        cell.outputs = _outputs(cell)
    return notebook


def text(notebook: NotebookNode) -> str:
    """Return the normalised notebook as the text that belongs on disk: sorted keys, a line a line, final newline."""
    return str(nbformat.v4.writes_json(normalise(notebook), ensure_ascii=False)) + "\n"


def compact(notebook: NotebookNode) -> str:
    """Return the normalised notebook as text without line breaks: a twentieth of the time, for no reader's eyes."""
    return json.dumps(normalise(notebook), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Yield the code cells in order."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def first_line(cell: NotebookNode) -> str:
    """Return the first line of a cell that holds anything, to name it by."""
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "")


def _identify(cells: list[Any]) -> None:
    """Give a cell without a usable id, or with that of an earlier cell, one that follows from what it says."""
    taken: set[str] = set()
    for cell in cells:
        name = cell.get("id")
        if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) or name in taken:
            source = cell.get("source", "")
            source = source if isinstance(source, str) else "".join(source)
            digest = hashlib.sha256(f"{cell.get('cell_type')}\n{source}".encode(errors="replace")).hexdigest()[:8]
            name = next(
                n for n in (f"{digest}{end}" for end in ("", *(f"-{i}" for i in range(1, 9999)))) if n not in taken
            )
        cell["id"] = name
        taken.add(name)


def _outputs(cell: NotebookNode) -> list[NotebookNode]:
    """The outputs of a cell: neighbouring pieces of one stream in one, standard output before standard error."""
    merged: list[NotebookNode] = []
    for output in cell.get("outputs", []):
        output.pop("transient", None)
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
        last = merged[-1] if merged else None
        if output.output_type != "stream" or last is None or last.output_type != "stream":
            merged.append(output)
        elif last.name == output.name:
            last.text += output.text
        elif output.name == "stdout" and len(merged) > 1 and merged[-2].get("name") == "stdout":
            merged[-2].text += output.text
        elif output.name == "stdout":
            merged.insert(-1, output)  # the two arrive on threads of their own, in either order
        else:
            merged.append(output)
    return merged
