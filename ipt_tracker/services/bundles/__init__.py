"""Courses and whole clinics as files that another instance takes in again."""
