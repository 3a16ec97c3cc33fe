"""Appointments of a course: what is booked, booking, moving, taking back."""
