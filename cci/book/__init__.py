"""How chapters are executed, checked, accepted and published.

chapters.py     which chapters the book has, and where
parameters.py   what a chapter's parameters cell declares; values from a command line checked against it
kernels.py      the kernels that execute chapters, for papermill and nbval alike
normalise.py    a notebook in the one form in which unchanged results change no byte
stamp.py        what a run was made from, and its folder on disk
run.py          execute chapters aside, without touching chapters/
grid.py         which sets of parameters a sweep takes: combinations of values, draws from ranges
sweep.py        run a chapter under all of them; sweep_report.py draws what they come to
stability.py    in how many declared specifications each finding holds
accept.py       the only way outputs enter chapters/
results.py      a result computed in a chapter, quoted in its prose
printed.py      frames and facts as a terminal, a spreadsheet or a program reads them
site/           the Sphinx extension: inline figures, evidence pages, downloads, charts
"""
