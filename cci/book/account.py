"""The cell that ends a run: what the chapter's process asked of the record.

It is added after the chapter's last cell and taken out again, so no notebook on disk holds it.
"""

from __future__ import annotations

import sys
from typing import Any

import nbformat
from nbformat import NotebookNode

ID = "account-of-the-run"
MIME = "application/vnd.cci.account+json"


def add(notebook: NotebookNode) -> None:
    """Append the cell."""
    cell = nbformat.v4.new_code_cell("from cci.book import account as _account\n\n_account.show()")
    cell.id = ID
    notebook.cells.append(cell)


def take(notebook: NotebookNode) -> dict[str, Any] | None:
    """Remove the cell again and return what it showed, the questions under `reads`; None where it was not executed."""
    said = None
    for cell in [cell for cell in notebook.cells if cell.get("id") == ID]:
        notebook.cells.remove(cell)
        for output in cell.get("outputs", []):
            said = output.get("data", {}).get(MIME, said)
    return said


def show() -> None:
    """Show the account; runs in the chapter's process."""
    from IPython.display import display

    reads = sys.modules.get("cci.record.reads")  # what was never imported was never asked
    display({MIME: {"reads": reads.asked() if reads else []}}, raw=True)
