"""Doors and pure nouns, over the graph of imports (import-linter has the layers)."""

from __future__ import annotations

import grimp
import pytest

DOMAINS = (
    "accounts", "missions", "observers", "stations", "finance", "deployment", "checklists", "logistics",
    "reporting", "portal",
)  # fmt: skip
# Another domain is entered by what it can do, what it knows and what it is; never by its pages or forms.
DOORS = {"services", "queries", "models", "jobs", "permissions", "access"}
PURE = {
    "eom.stations.mapping", "eom.stations.geography", "eom.stations.difference", "eom.checklists.xlsform",
    "eom.checklists.openrosa", "eom.logistics.call_tree", "eom.logistics.nights", "eom.reporting.annual.figures", "eom.reporting.annual.controls",
    "eom.reporting.annual.workbook", "eom.deployment.sampling_sizes", "eom.deployment.sampling_draws",
    "eom.deployment.sampling_balance", "eom.deployment.sampling_estimates", "eom.deployment.sampling_frames",
    "eom.deployment.routing", "eom.deployment.routing_travel",
    "eom.deployment.routing_server", "eom.deployment.routing_solving", "eom.deployment.routing_parts",
    "eom.deployment.routing_reasons", "eom.deployment.routing_process", "eom.deployment.route_map",
    "eom.deployment.itinerary_files", "eom.deployment.no_go_shapes", "eom.deployment.plan_rules",
}  # fmt: skip
DATABASE = ("eom.extensions", "flask", "sqlalchemy", "eom.web")


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("eom", include_external_packages=True, exclude_type_checking_imports=True)


def parts(module: str) -> list[str]:
    return module.split(".")


def test_another_domain_is_entered_by_its_doors(graph):
    wrong = []
    for module in graph.modules:
        own = parts(module)
        if own[0] != "eom" or len(own) < 2 or own[1] not in DOMAINS:
            continue
        for used in graph.find_modules_directly_imported_by(module):
            other = parts(used)
            if other[0] != "eom" or len(other) < 3 or other[1] not in DOMAINS or other[1] == own[1]:
                continue
            room = other[2]
            is_noun = not {"views", "forms", "imports", "exports", "api", "commands", "listeners"} & {room}
            if room not in DOORS and not is_noun:
                wrong.append(f"{module} → {used}")
    assert wrong == [], "enter another domain by its services, queries or models"


@pytest.mark.parametrize("module", sorted(PURE))
def test_pure_nouns_know_no_database_and_no_request(graph, module):
    used = {name for name in graph.find_modules_directly_imported_by(module)}
    assert not {name for name in used if name.startswith(DATABASE)}
