"""Does what the sources say hold together: relations, findings and grades."""

from cci.audit.admission import admitted, resting_on
from cci.audit.averages import averages
from cci.audit.currency import converted
from cci.audit.emissions import emission_factors, paired_modes
from cci.audit.findings import finding, findings
from cci.audit.grades import grades
from cci.audit.pathways import stages
from cci.audit.quotes import circulation, quotable, stated, variants
from cci.audit.relations import computed, evaluate, judge, relation
from cci.audit.repeats import repeats

__all__ = [
    "admitted", "averages", "circulation", "computed", "converted", "emission_factors", "evaluate", "finding",
    "findings", "grades", "judge", "paired_modes", "quotable", "relation", "repeats", "resting_on", "stages",
    "stated", "variants",
]  # fmt: skip
