"""What the program promises, how each promise is tried, and in which counts the trials are told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the page of figures.

    Tests record under `key`, by the fixture `figures`. `tried` names the counts that say how hard
    it was tried, `broken` those that must be nought, `control` those that must not be.
    """

    key: str
    words: str
    how: str
    test: str
    tried: tuple[str, ...]
    broken: tuple[str, ...] = ()
    control: tuple[str, ...] = ()


HERE = "tests/reliability"
ENGINE = "engine"
"""The key under which a test names an engine and its version."""

PROMISES = (
    Promise(
        "updates",
        "Two people who change the same record at the same time lose no change.",
        "8 threads, then 4 processes, each read a number and save it one higher 100 times.",
        "tests/integration/persistence/test_lost_updates.py",
        ("threads", "processes", "updates"),
        ("lost",),
    ),
    Promise(
        "kills",
        "What was acknowledged is there after the program is killed.",
        "The server is ended by kill -9 while several people save through its forms, and is "
        "started again.",
        f"{HERE}/test_kills.py",
        ("kills", "acknowledged_saves"),
        ("lost", "half_written", "damaged_files"),
    ),
    Promise(
        "power",
        "What was acknowledged is there after the power fails.",
        "A disk that keeps only what it was told to keep loses power during saves, with the "
        "application's own settings but without encryption. A control with weaker settings must "
        "lose.",
        f"{HERE}/test_power_cuts.py",
        ("cuts", "acknowledged_saves"),
        ("lost", "damaged_files"),
        ("lost_by_the_control",),
    ),
    Promise(
        "full",
        "On a full disk nothing is half saved, and what was typed can be sent again.",
        "The database is kept from growing while forms are saved, then allowed to grow.",
        f"{HERE}/test_full_disk.py",
        ("saves_refused", "saves_sent_again"),
        ("lost", "half_written"),
    ),
    Promise(
        "locks",
        "While another program locks the database, what was typed is kept, pages that open no "
        "record are read, and no record is shown whose opening cannot be written down.",
        "Another process holds the writer's lock for longer than a save waits.",
        f"{HERE}/test_locked_database.py",
        ("saves_refused", "saves_sent_again", "pages_read"),
        ("lost",),
    ),
    Promise(
        "migrations",
        "A step to a new version that fails leaves the records as they were.",
        "On filled data each statement of the newest step, and every fifth, sixth or seventh of "
        "each older one, is made to fail; the newest step is also ended by kill -9.",
        f"{HERE}/test_failed_migrations.py",
        ("statements_failed", "steps_killed"),
        ("changed_databases",),
    ),
    Promise(
        "editors",
        "Two people who edit one text both keep their words.",
        "Both save; the second sees both texts side by side and decides.",
        "tests/integration/web/test_merging.py",
        ("second_saves",),
        ("lost",),
    ),
    Promise(
        "words",
        "Whatever is typed is shown as the words that it is, and is never run.",
        "Hostile texts stand in every place for words, and every page and paper that anybody "
        "may open is read by its grammar.",
        "tests/security/test_stored_words.py",
        ("texts", "places", "pages_read", "forms_sent"),
        ("elements_gained",),
    ),
    Promise(
        "cells",
        "No cell of a download is a formula.",
        "Hostile texts stand in every place for words, and every table that can be downloaded "
        "is read cell by cell.",
        "tests/security/test_spreadsheet_cells.py",
        ("cells_read",),
        ("formulas",),
    ),
    Promise(
        "columns",
        "A form takes its own fields and nothing else.",
        "Every column of every table is sent along with every form, by everybody.",
        "tests/security/test_mass_assignment.py",
        ("forms_sent", "columns_sent"),
        ("changed",),
    ),
    Promise(
        "parameters",
        "What stands in an address chooses from fixed lists, or nothing.",
        "Each parameter that a page asks for is sent SQL, paths and code.",
        "tests/security/test_query_parameters.py",
        ("requests",),
        ("failed_pages", "widened_lists"),
    ),
    Promise(
        "walk",
        "Nobody reaches a page or changes a record that is not theirs to see or change.",
        "Every address is asked with every method, as a visitor and as seven people of five roles, "
        "about a record of their own, of somebody else, and about none; a refusal changes no row.",
        "tests/integration/web/test_walk.py",
        ("addresses_walked",),
        ("reached_wrongly",),
    ),
    Promise(
        "emergency",
        "Emergency access opens the pages of one patient, for reading, for its time and no longer.",
        "Every address of a course, its sessions and its group is asked with every method before, "
        "during and after an emergency access of somebody who is not in charge.",
        "tests/integration/web/test_emergency_walk.py",
        ("addresses_walked",),
        ("reached_wrongly",),
    ),
    Promise(
        "canaries",
        "No word of a patient leaves the pages on which it belongs.",
        "A word of its own stands in every field of every patient; addresses, cookies, logs, "
        "error pages, file names and the bytes of the database are searched for all of them.",
        "tests/integration/web/test_canary.py",
        ("words_planted", "answers_searched"),
        ("found",),
    ),
)
"""Every promise of the page, in its order."""


def promise_of(key: str) -> Promise:
    """Give the promise with this key; KeyError names those there are."""
    found = {promise.key: promise for promise in PROMISES}
    if key not in found:
        raise KeyError(f"{key} is no promise; there are {', '.join(found)}")
    return found[key]
