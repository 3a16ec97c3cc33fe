"""What FHIR R4 asks of the resources that are written here, as far as the models do not ask it.

The models of `fhir.resources` are those of R4B, and they take codes of any value. The lists here
are R4's own.
"""

import re
from collections.abc import Iterator
from typing import Any

from ipt_tracker.exchange.fhir_codes import LOINC, SNOMED

Json = dict[str, Any]

PHQ9 = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3"),
    *("44260-8", "44249-1", "44261-6", "69722-7", "55758-7", "LL382-3"),
    *("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"),
)
SEEN = {(LOINC, code) for code in ("101697-1", "101698-9", *PHQ9)} | {(SNOMED, "720433000")}
"""Every code of these two systems for which there is a source and whose form is certain."""

STATUS = {
    "EpisodeOfCare": {
        *("planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error"),
    },
    "CarePlan": {
        *("draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"),
    },
    "Encounter": {
        *("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled"),
        *("entered-in-error", "unknown"),
    },
    "QuestionnaireResponse": {
        *("in-progress", "completed", "amended", "entered-in-error", "stopped"),
    },
    "Observation": {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled"),
        *("entered-in-error", "unknown"),
    },
}
NEEDED = {
    "Patient": set(),
    "EpisodeOfCare": {"status", "patient"},
    "CarePlan": {"status", "intent", "subject"},
    "Encounter": {"status", "class"},
    "QuestionnaireResponse": {"status"},
    "Observation": {"status", "code"},
}
ACTIVITY = {
    *("not-started", "scheduled", "in-progress", "on-hold", "completed", "cancelled"),
    *("stopped", "unknown", "entered-in-error"),
}
ABSENT = {
    *("unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked"),
    *("not-applicable", "unsupported", "as-text", "error", "not-performed", "not-permitted"),
}
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
DAY = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?)?")
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
CANONICAL = re.compile(r"[a-z][a-z0-9+.-]*:[^\s|]+(\|\S+)?")
DAYS = {"birthDate", "effectiveDateTime", "authored", "start", "end"}


def resources(bundle: Json) -> list[Json]:
    """Give the resources of a Bundle."""
    return [entry["resource"] for entry in bundle["entry"]]


def of_type(bundle: Json, kind: str) -> list[Json]:
    """Give those of one type."""
    return [each for each in resources(bundle) if each["resourceType"] == kind]


def broken_rules(bundle: Json) -> list[str]:
    """Give everything in a Bundle that R4 does not allow."""
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    found = [f"{each} twice" for each in addresses if addresses.count(each) > 1]
    if bundle["type"] != "collection" or "total" in bundle:
        found.append("a collection has no total")  # bdl-1
    if "timestamp" in bundle and not INSTANT.fullmatch(bundle["timestamp"]):
        found.append("timestamp")
    for each in resources(bundle):
        found += [f"{each['resourceType']}: {said}" for said in _of_resource(each)]
        found += [f"leads nowhere: {to}" for to in _references(each) if to not in addresses]
    found += list(_of_elements(bundle))
    return found


def _of_resource(each: Json) -> Iterator[str]:
    kind = each["resourceType"]
    if not ID.fullmatch(each["id"]):
        yield "id"
    yield from (f"no {name}" for name in NEEDED[kind] - set(each))
    if kind in STATUS and each.get("status") not in STATUS[kind]:
        yield f"status {each.get('status')}"
    if kind == "Encounter" and not {"system", "code"} <= set(each["class"]):
        yield "class is not one Coding"  # in R5 a list of concepts
    if kind == "QuestionnaireResponse":
        yield from _of_response(each)
    if kind == "Observation":
        yield from _of_observation(each)
    if kind == "CarePlan":
        yield from _of_plan(each)


def _of_response(each: Json) -> Iterator[str]:
    if not CANONICAL.fullmatch(each.get("questionnaire", "")):
        yield "questionnaire is no canonical"
    links = [item["linkId"] for item in each.get("item", ())]
    if len(links) != len(set(links)):
        yield "linkId twice"
    for item in each.get("item", ()):
        for answer in item.get("answer", ()):
            if len([name for name in answer if name.startswith("value")]) != 1:
                yield "an answer is one value"


def _of_observation(each: Json) -> Iterator[str]:
    for part in (each, *each.get("component", ())):
        values = [name for name in part if name.startswith("value")]
        if len(values) > 1 or (values and "dataAbsentReason" in part):
            yield "a value and why there is none"  # obs-6
        absent = part.get("dataAbsentReason", {}).get("coding", [])
        yield from (f"absent {c['code']}" for c in absent if c["code"] not in ABSENT)
    codes = [part["code"] for part in each.get("component", ())]
    if each["code"] in codes and any(name.startswith("value") for name in each):
        yield "the value of a part is the value of the whole"  # obs-7


def _of_plan(each: Json) -> Iterator[str]:
    if each["intent"] not in {"proposal", "plan", "order", "option"}:
        yield "intent"
    for activity in each["activity"]:
        if "detail" in activity and activity["detail"].get("status") not in ACTIVITY:
            yield "activity has no status"  # cpl-3 and the list


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)


def _of_elements(value: Any, name: str = "Bundle") -> Iterator[str]:
    """Give elements that are empty, and dates that are none."""
    if value in ("", [], {}, None):
        yield f"{name} is empty"
    if name in DAYS and not DAY.fullmatch(str(value)):
        yield f"{name} is not a date"
    if name == "issued" and not INSTANT.fullmatch(str(value)):
        yield "issued is not an instant"
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _of_elements(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _of_elements(each, f"one of {name}")
