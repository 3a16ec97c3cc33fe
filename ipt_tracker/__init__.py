"""IPT Tracker: sessions, measures and progress in Interpersonal Psychotherapy."""

__version__ = "0.1.0"
