"""What our own code must never do, found by reading it."""

import ast
import re

import pytest

from tests.architecture.source import PACKAGE, ROOT, place, python_files, tree

SQL_CALLS = {"text", "execute", "scalar", "scalars", "exec_driver_sql", "executescript"}
OF_OUR_OWN_CONSTANTS = {
    "persistence/engine.py": "a pragma takes no bound value; the words put in are ON and OFF",
    "persistence/connection.py": "a pragma takes no bound value; these are ours, and a key in hex",
    "persistence/postgres_role.py": "GRANT takes no bound value; its names are quoted and checked",
    "persistence/triggers.py": "the name of a table or a trigger takes no bound value",
}
"""Modules whose SQL is put together, and why nobody else's words come into it."""
FORBIDDEN_CALLS = {
    "eval": "runs text",
    "exec": "runs text",
    "compile": "runs text",
    "__import__": "runs what a text names",
    "render_template_string": "makes a template of text",
    "from_string": "makes a template of text",
    "Markup": "lets text past the escaping",
    "mktemp": "names a file that somebody else can make first",
    "literal_column": "puts text into SQL",
    "system": "runs a shell",
    "popen": "runs a shell",
    "getoutput": "runs a shell",
    "md5": "can be made to collide",
    "sha1": "can be made to collide",
    "unsafe_load": "makes objects of text",
    "_make_parsed_url": "past the checks of its library",
}
FORBIDDEN_MODULES = {
    "pickle": "makes objects of bytes",
    "marshal": "makes objects of bytes",
    "shelve": "makes objects of bytes",
    "dill": "makes objects of bytes",
    "jsonpickle": "makes objects of text",
    "yaml": "makes objects of text",
    "lxml": "follows entities",
    "telnetlib": "sends passwords as they are",
    "ftplib": "sends passwords as they are",
}
REASONED = {
    ("reports/document.py", "compile"): "the typesetter's own; the words go in as JSON beside it",
    ("web/caseload/rows.py", "Markup"): "our own drawing; its one text is escaped there",
    ("web/fidelity/gaps.py", "Markup"): "a fixed text, whose format escapes what is put in",
    ("web/sessions/last_time.py", "Markup"): "our own drawing; its one text is escaped there",
}
"""Calls that are forbidden elsewhere, and why they do no harm where they stand."""
CHANCE = {
    "exchange": "invented patients, the same for the same seed",
    "services/fidelity": "a draw of sessions, repeatable from the seed that is written down",
    "clinical/fidelity": "a draw of sessions, repeatable from the seed that is written down",
    "cli": "invented patients of the demo",
}
"""Where chance that somebody can foretell is the point, and why."""
UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false|Markup\(")


def called(call):
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)


def built(node):
    """Say whether a text is put together where it stands: f-string, +, %, format, join."""
    if isinstance(node, ast.Call):
        return called(node) in {"format", "join", "replace", "format_map"}
    return isinstance(node, (ast.JoinedStr, ast.BinOp))


def unsafe_sql(module):
    """Find SQL that is put together, and a driver's own call with anything but a constant."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or called(node) not in SQL_CALLS or not node.args:
            continue
        first = node.args[0]
        if built(first):
            yield node.lineno
        if called(node) == "exec_driver_sql" and not is_constant(first):
            yield node.lineno


def is_constant(node):
    if isinstance(node, ast.IfExp):
        return is_constant(node.body) and is_constant(node.orelse)
    named = isinstance(node, ast.Name) and node.id.strip("_").isupper()
    return named or isinstance(node, ast.Constant)


def unsafe_calls(module):
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        if called(node) in FORBIDDEN_CALLS and not is_of_another_kind(node):
            yield node.lineno, called(node)
        for keyword in node.keywords:
            if keyword.arg == "shell" and getattr(keyword.value, "value", None) is not False:
                yield node.lineno, "shell"
            if keyword.arg == "autoescape" and getattr(keyword.value, "value", None) is False:
                yield node.lineno, "autoescape"
        yield from ((node.lineno, each) for each in weak_hash(node))


def weak_hash(call):
    if called(call) == "new" and call.args and isinstance(call.args[0], ast.Constant):
        return {str(call.args[0].value).lower()} & {"md5", "sha1", "md4"}
    return set()


def is_of_another_kind(call):
    """Say whether the call only has the name: of a regular expression, of the machine's name."""
    owner = getattr(getattr(call.func, "value", None), "id", None)
    return (owner, called(call)) in {("re", "compile"), ("platform", "system")}


def modules_of(node):
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return {(node.module or "").split(".")[0]}
    return set()


@pytest.mark.parametrize(
    "code",
    [
        'text(f"SELECT {x}")',
        'c.execute("SELECT " + x)',
        'c.execute("SELECT %s" % x)',
        'c.exec_driver_sql("SELECT {}".format(x))',
        "c.exec_driver_sql(statement)",
        'c.scalars("".join(parts))',
    ],
)
def test_unsafe_sql_is_recognised(code):
    assert list(unsafe_sql(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "eval(x)",
        "hashlib.md5(x)",
        "hashlib.new('sha1', x)",
        "subprocess.run(x, shell=True)",
        "flask.render_template_string(x)",
        "Markup(x)",
        "tempfile.mktemp()",
        "Environment(autoescape=False)",
    ],
)
def test_an_unsafe_call_is_recognised(code):
    assert list(unsafe_calls(ast.parse(code)))


@pytest.mark.parametrize("code", ["re.compile(x)", "c.exec_driver_sql('BEGIN' if a else 'END')"])
def test_what_is_safe_is_let_pass(code):
    assert list(unsafe_calls(ast.parse(code))) == list(unsafe_sql(ast.parse(code))) == []


def test_no_sql_is_put_together_and_the_driver_gets_constants_alone():
    found = {
        place(path, line)
        for path in python_files("ipt_tracker")
        if "migrations" not in path.parts
        for line in unsafe_sql(tree(path))
        if str(path.relative_to(PACKAGE)) not in OF_OUR_OWN_CONSTANTS
    }

    assert found == set()


def test_nothing_runs_text_or_makes_objects_of_it_or_uses_a_broken_hash():
    found = [
        f"{place(path, line)} {name}"
        for path in python_files("ipt_tracker")
        for line, name in unsafe_calls(tree(path))
        if (str(path.relative_to(PACKAGE)), name) not in REASONED
    ]

    assert found == []


def test_no_module_is_imported_that_makes_objects_of_bytes():
    found = [
        f"{place(path, node.lineno)} {name}"
        for path in python_files("ipt_tracker")
        for node in ast.walk(tree(path))
        for name in modules_of(node) & FORBIDDEN_MODULES.keys()
    ]

    assert found == []


def test_chance_that_can_be_foretold_makes_no_secret():
    found = [
        place(path, node.lineno)
        for path in python_files("ipt_tracker")
        if not str(path.relative_to(PACKAGE)).startswith(tuple(CHANCE))
        for node in ast.walk(tree(path))
        if "random" in modules_of(node)
    ]

    assert found == []


def test_no_template_lets_text_past_the_escaping():
    found = [
        place(path, number)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UNESCAPED.search(line)
    ]

    assert found == []


def test_no_script_of_ours_writes_text_as_html():
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|"
        r"localStorage|sessionStorage|indexedDB|postMessage|document\.cookie"
    )
    keeps_preferences = "preferences.js"  # of the device: how a page is shown, never what is on it
    found = [
        place(path, number)
        for path in sorted((ROOT / "static").rglob("*.js"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if banned.search(line) and path.name != keeps_preferences
    ]

    assert found == []
