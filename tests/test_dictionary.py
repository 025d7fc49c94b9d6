"""The schema describes every table, column, unit and allowed value, and data/README.md says the same."""

import json
import re
from pathlib import Path

import pytest

RECORD = Path(__file__).parents[1] / "data"
PACKAGE = json.loads((RECORD / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}


def test_every_table_and_field_is_described():
    for resource in PACKAGE["resources"]:
        assert resource["title"]
        assert resource["description"].endswith(".")
        for field in resource["schema"]["fields"]:
            required = field.get("constraints", {}).get("required", False)
            assert len(field["description"]) > 8, (resource["name"], field["name"])
            assert required or "blank" in field["description"].lower(), (resource["name"], field["name"])


def test_every_unit_and_allowed_value_has_its_meaning():
    units = PACKAGE["cci:units"]
    used = set()
    for resource in PACKAGE["resources"]:
        for field in resource["schema"]["fields"]:
            allowed = field.get("constraints", {}).get("enum")
            if allowed is None:
                continue
            if field.get("cci:unitOf") == "cci:units":
                used |= set(allowed)
            else:
                assert list(field["cci:meanings"]) == allowed
    assert used == set(units)
    assert all(unit["meaning"] for unit in units.values())


def test_the_dictionary_lists_every_table_with_its_key():
    tables_listed = [row for row in dictionary_rows("## The tables") if row[0] in RESOURCES]
    assert {row[0]: re.findall("`(.*?)`", row[2]) for row in tables_listed} == {
        name: resource["schema"]["primaryKey"] for name, resource in RESOURCES.items()
    }


@pytest.mark.parametrize("name", RESOURCES)
def test_the_dictionary_says_what_the_schema_says(name):
    kinds = {"number": "number", "integer": "whole number", "boolean": "true or false", "string": "text"}
    rows = dictionary_rows(f"### {name}")
    for field, row in zip(RESOURCES[name]["schema"]["fields"], rows, strict=True):
        kind = kinds[field["type"]]
        if field.get("cci:reducedDate"):
            kind = "date"
        if "cci:listOf" in field:
            kind = f"names, separated by `{field['cci:listOf']['separator']}`"
        unit = f"in `{field['cci:unitIn']}`" if "cci:unitIn" in field else field.get("cci:unit", "")
        needed = "yes" if field.get("constraints", {}).get("required") else "no"
        assert row == [f"`{field['name']}`", kind, unit, needed, field["description"]]
        for value, meaning in field.get("cci:meanings", {}).items():
            assert f"- `{value}`: {meaning}\n" in section(f"### {name}")


def test_the_dictionary_lists_every_unit():
    assert dictionary_rows("### Units") == [
        [f"`{unit}`", rules["meaning"], str(rules.get("minimum", ""))] for unit, rules in PACKAGE["cci:units"].items()
    ]


def section(heading):
    text = (RECORD / "README.md").read_text(encoding="utf-8")
    body = text.split(f"\n{heading}\n", 1)[1]
    return re.split(r"\n#{1,3} ", body)[0] + "\n"


def dictionary_rows(heading):
    rows = [line.strip("|").split("|") for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]
