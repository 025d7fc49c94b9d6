"""Does what the sources say hold together: relations, findings and grades."""

from cci.audit.findings import finding, findings
from cci.audit.grades import grades
from cci.audit.pathways import stages
from cci.audit.relations import computed, evaluate, judge, relation

__all__ = ["computed", "evaluate", "finding", "findings", "grades", "judge", "relation", "stages"]
