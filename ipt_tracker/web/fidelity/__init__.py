"""Ratings of sessions: rated blind, compared, agreed on, and fed back to the therapist."""
