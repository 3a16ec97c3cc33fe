"""The course of Interpersonal Psychotherapy: protocols, phases, focal areas, tasks, attendance."""
