"""Let nbval start its kernels as the chapters' own runs do, whichever path it is given."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Swap nbval's kernel manager: its choice of TCP ports races now and then, and it has no option for another."""
    if config.getoption("nbval", False):
        import nbval.kernel

        from cci.book.kernels import KernelManager

        nbval.kernel.KernelManager = KernelManager
        # It lays out every message for a log that nobody reads, which takes longer than to compare the outputs.
        nbval.kernel.pformat = lambda message: message
