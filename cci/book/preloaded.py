"""Imports what every kernel would import; the fork server does so once, and nothing else imports this."""

import gc
from importlib import import_module

# What a kernel imports as it starts, some of it by names in its settings, and then the set-up cell of a chapter.
_IMPORTED = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    "tornado.queues",
    "pandas",
    "cci.audit",
    "cci.charts",
    "cci.models",
    "scipy.stats",  # a third of a second for each of the chapters that draw at random
    "cci.book.results",
    "myst_nb.ext.glue",
)

gc.disable()  # nothing that is imported is garbage
try:
    for name in _IMPORTED:
        import_module(name)
finally:
    gc.freeze()  # nor ever will be: a kernel that looked through it would copy every page shared with the fork server
    gc.enable()
