"""rdflib over the descriptions of data: JSON-LD that reads as triples, in words that schema.org has."""

import json
import re

import pytest
from rdflib import RDF, SDO, Graph, URIRef

DESCRIBED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# The context that schema.org serves, as far as names go: no test asks another host.
CONTEXT = {"@vocab": str(SDO)}
# rdflib's own parser still makes the kind of graph that rdflib wants nobody to make.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def triples(described):
    """Return a description as a graph; one whose context is not schema.org's is refused."""
    assert described["@context"] == "https://schema.org"
    return Graph().parse(data=json.dumps(described | {"@context": CONTEXT}), format="json-ld")


def unknown(graph):
    """Names of the graph, types and properties, that schema.org does not have."""
    used = {name for _, name, _ in graph if name != RDF.type} | set(graph.objects(None, RDF.type))
    return sorted(str(name) for name in used if URIRef(name) not in SDO)


@pytest.fixture(scope="module")
def described(site):
    found = {
        path.relative_to(site).as_posix(): [json.loads(text) for text in DESCRIBED.findall(path.read_text("utf-8"))]
        for path in sorted(site.rglob("*.html"))
    }
    return {page: listed for page, listed in found.items() if listed}


def test_every_description_is_a_dataset_in_words_of_schema_org(described):
    assert "chapters/data.html" in described
    assert sum(page.startswith("evidence/") for page in described) > 200
    for page, listed in described.items():
        graph = Graph()
        for description in listed:
            graph += triples(description)
        assert unknown(graph) == [], page
        datasets = set(graph.subjects(RDF.type, SDO.Dataset))
        assert datasets, page
        for dataset in datasets:
            for property in (SDO.name, SDO.description, SDO.license, SDO.creator, SDO.distribution):
                assert (dataset, property, None) in graph, f"{page}: {property}"
            assert 50 <= len(str(graph.value(dataset, SDO.description))) <= 5000, page  # what Google asks for


def test_a_word_that_schema_org_does_not_have_is_found():
    graph = triples({"@context": "https://schema.org", "@type": "Dataset", "licence": "x", "name": "y"})
    assert unknown(graph) == ["https://schema.org/licence"]
