"""Files without names: one code and one shift of all dates for each patient, the same every time.

Both come from the clinic's key and the patient's id alone, so nothing has to be kept, two files of
one clinic can be put together, and nobody without the key finds the way back. Dates keep their
distance and their day of the week within a patient. What is left can still point at a person:
rare events, long courses, small clinics.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

LONGEST_SHIFT = 52
"""Weeks, either way."""
SIGNS_OF_A_CODE = 8
OLDEST_BAND = 90
WIDTH_OF_A_BAND = 10


@dataclass(frozen=True, slots=True)
class Disguise:
    """Gives each patient another code and other dates. Its key never appears in its text form."""

    key: bytes = field(repr=False)

    def code(self, patient: UUID) -> str:
        """Give the code that stands for a patient, such as "D-7K3M9Q2X"."""
        return "D-" + b32encode(self._drawn(b"code", patient)).decode()[:SIGNS_OF_A_CODE]

    def days(self, patient: UUID) -> int:
        """Give by how many days all dates of a patient are shifted: whole weeks, never none."""
        drawn = int.from_bytes(self._drawn(b"days", patient)[:8]) % (2 * LONGEST_SHIFT)
        weeks = drawn - LONGEST_SHIFT
        return 7 * (weeks if weeks < 0 else weeks + 1)

    def day(self, patient: UUID, day: date | None) -> date | None:
        """Shift a date of a patient; None stays None."""
        return None if day is None else day + timedelta(days=self.days(patient))

    def moment(self, patient: UUID, moment: datetime | None) -> datetime | None:
        """Shift a moment of a patient and cut off its time of day, which tells of a clinic's."""
        if moment is None:
            return None
        day = moment.date() + timedelta(days=self.days(patient))
        return datetime.combine(day, time(), moment.tzinfo)

    def _drawn(self, use: bytes, patient: UUID) -> bytes:
        return hmac.digest(self.key, use + b" " + patient.bytes, sha256)


def age_band(birth_date: date | None, on: date) -> str:
    """Give an age on a day in bands of ten years, such as "30 to 39"; empty where not known."""
    if birth_date is None:
        return ""
    age = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    if age < 0:
        return ""
    if age >= OLDEST_BAND:
        return f"{OLDEST_BAND} or older"
    low = age - age % WIDTH_OF_A_BAND
    return f"{low} to {low + WIDTH_OF_A_BAND - 1}"
