"""Supervision: the supervisor's start page, meetings, and each therapist's figures."""
