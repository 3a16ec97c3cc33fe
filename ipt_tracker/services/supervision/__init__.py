"""Supervision: the supervisor's start page, and the meetings of supervisor and supervisees."""
