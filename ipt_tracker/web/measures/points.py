"""The points of a course at which an assessment is made, in words."""

POINTS = {
    "": "Not stated",
    "baseline": "Baseline",
    "mid": "Half way",
    "end": "End",
    "follow_up": "Follow-up",
}
