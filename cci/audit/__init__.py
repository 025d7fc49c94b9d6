"""Does what the sources say hold together: relations, findings and grades."""

from cci.audit.admission import admitted, if_admitted, resting_on
from cci.audit.averages import averages
from cci.audit.brokerage import brokers, covered, growth, named
from cci.audit.currency import converted
from cci.audit.detectors import detect, precision, recall
from cci.audit.emissions import emission_factors, paired_modes
from cci.audit.findings import finding, findings
from cci.audit.formulas import derived, growth_of_ratio, round_trips, spans
from cci.audit.grades import graded, grades
from cci.audit.implied import currency_pairs
from cci.audit.meetings import bridges, gaps
from cci.audit.pace import pace
from cci.audit.pathways import stages, waits
from cci.audit.quotes import HEADLINES, circulation, quotable, stated, variants, withheld
from cci.audit.relations import computed, evaluate, judge, relation
from cci.audit.repeats import repeats
from cci.audit.running import a_day, exceeds, printed_growth, quotients, stretch_growth, stretches
from cci.audit.silence import cut_off, silences

__all__ = [
    "HEADLINES", "a_day", "admitted", "averages", "bridges", "brokers", "circulation", "computed", "converted",
    "covered", "currency_pairs", "cut_off", "derived", "detect", "emission_factors", "evaluate", "exceeds", "finding",
    "findings", "gaps", "graded", "grades", "growth", "growth_of_ratio", "if_admitted", "judge", "named", "pace",
    "paired_modes", "precision", "printed_growth", "quotable", "quotients", "recall", "relation", "repeats",
    "resting_on", "round_trips", "silences", "spans", "stages", "stated", "stretch_growth", "stretches", "variants",
    "waits", "withheld",
]  # fmt: skip
