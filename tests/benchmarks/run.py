"""What `bench` runs: busy pages at two sizes of clinic, charts, start-up and memory.

Absolute times depend on the machine; read the ratios. A bare Flask page of the same size, a
template with a table and nothing behind it, is served by the same server in the same run.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from sqlalchemy import select

from ipt_tracker.app import create_app
from ipt_tracker.charts import export
from ipt_tracker.cli.demo import PASSWORD
from ipt_tracker.governance.access import Actor, Permission, Role
from ipt_tracker.persistence.engine import open_database
from ipt_tracker.persistence.models import Account, Assignment, Course
from ipt_tracker.services.doors import open_course
from ipt_tracker.services.progress import ChartChoice, read_chart
from ipt_tracker.services.unit_of_work import reading
from tests.benchmarks.browse import HOST, Counter, Served, Times, Visitor, bare_app, timed
from tests.benchmarks.clinic import LONG_ID, make_clinic
from tests.benchmarks.files import files_of, shown
from tests.benchmarks.files import kept as all_in_time
from tests.unit.charts.cases import crowded, long
from tests.unit.charts.evidence_cases import CASES

ROOT = Path(__file__).resolve().parents[2]
SIZES = (200, 2000)
ROUNDS = 40
FULLEST = {
    name: CASES[name]
    for name in ("forest, sixty", "funnel, sixty", "within, nine", "caseload, two thousand")
} | {"progress, 40 scores and 6 changes": crowded(), "progress, 500 sessions": long()}
CHARTS = 12
WHO, SUPERVISOR = "therapist@demo.example", "supervisor@demo.example"
WHOLE_CASELOAD = {"today": 300, "measures due": 200, "supervision": 500, "figures": 300}
"""Pages that judge every open course or session of a person, and their milliseconds at p95.

A therapist of the larger clinic has 181 open courses here, several times what one person treats;
the one supervisor has all of them.
"""
MOST_STATEMENTS = 30
"""A page may ask this often; that the number does not grow with the caseload is for the tests."""
BUDGETS = (
    "page p95 < 10x bare and < 100 ms, today and figures < 300 ms, measures due < 200 ms, "
    "supervision < 500 ms; <= 30 statements; "
    "chart < 200 ms cold; report < 3 s; first byte of tables < 1 s; start < 2 s; < 200 MB"
)


def main():
    """Measure and print; the exit code says whether every budget was kept at the larger size."""
    kept = True
    tables = {}
    for patients in SIZES:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            made = make_clinic(Path(folder) / "clinic", patients)
            tables[patients] = pages_of(made)
            if patients == SIZES[-1]:
                cold, warm = charts_of(made)
                crowded = crowded_charts()
                files = files_of(made)
                start, memory = process_of(Path(folder) / "clinic")
    print(f"{'page':34}" + "".join(f"{p:>9} p50{p:>9} p95  bare p95  ratio  stmts" for p in SIZES))
    for name in tables[SIZES[0]]:
        cells = [tables[p][name] for p in SIZES]
        print(f"{name:34}" + "".join(row(page, bare) for page, bare in cells))
        kept &= within(name, *cells[-1])
    growth = [tables[SIZES[1]][n][0].p50 / tables[SIZES[0]][n][0].p50 for n in tables[SIZES[0]]]
    print(f"\npage time at {SIZES[1]} over {SIZES[0]} patients: median ratio {median(growth):.2f}")
    print(f"chart: cold p95 {cold:.0f} ms, warm {warm:.3f} ms")
    for name, took in crowded.items():
        print(f"chart, {name}: {took:.0f} ms cold")
    for name, took in files.items():
        print(shown(name, took))
    kept &= all_in_time(files)
    print(f"start to first answer: {start:.2f} s; idle memory {memory:.0f} MB")
    kept &= max(cold, *crowded.values()) < 200 and start < 2 and memory < 200
    print(f"budgets ({BUDGETS}): {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


def row(page, bare):
    ratio = page.p95 / bare.p95
    return f"{page.p50:13.1f}{page.p95:13.1f}{bare.p95:10.1f}{ratio:7.1f}{page.statements:7}"


def within(name, page, bare):
    if page.statements > MOST_STATEMENTS:
        return False
    if name in WHOLE_CASELOAD:
        return page.p95 < WHOLE_CASELOAD[name]
    return page.p95 < 100 and page.p95 < 10 * bare.p95


def supervision(made):
    """The pages that a supervisor opens in a day."""
    database = open_database(made.database_url, made.database_key, audit=made.audit)
    with database.read() as session:
        therapist = session.scalars(select(Account.id).where(Account.email == WHO)).one()
    database.close()
    return {
        "supervision": "/supervision",
        "figures": f"/supervision/therapists/{therapist}",
        "agreement": "/supervision/agreement",
        "benchmark, whole clinic": "/benchmark",
    }


def median(values):
    return sorted(values)[len(values) // 2]


def pages_of(made):
    """Time each page, then a bare one of the same size."""
    app = create_app(made)
    counter = Counter(app.extensions["ipt_tracker"].database.engine)
    found = {}
    with Served(app, made) as served:
        for who, paths in ((WHO, addresses(made)), (SUPERVISOR, supervision(made))):
            visitor = Visitor(served.port)
            visitor.sign_in(who, PASSWORD)
            for name, path in paths.items():
                times = timed(visitor, path, ROUNDS)
                statements = counter.of(lambda path=path, by=visitor: by.get(path))
                found[name] = Times(times.p50, times.p95, times.size, statements)
    plain = bare_app({str(i): t.size for i, t in enumerate(found.values())})
    plain.extensions["ipt_tracker"] = app.extensions["ipt_tracker"]  # the server anchors its audit
    with Served(plain, made) as served:
        visitor = Visitor(served.port)
        bare = [timed(visitor, f"/{i}", ROUNDS) for i in range(len(found))]
    app.extensions["ipt_tracker"].database.close()
    return {name: (times, bare[i]) for i, (name, times) in enumerate(found.items())}


def addresses(made):
    """The busiest pages, by what a therapist opens in a day."""
    database = open_database(made.database_url, made.database_key, audit=made.audit)
    with database.read() as session:
        own = (
            select(Course.id)
            .join(Assignment, Assignment.course_id == Course.id)
            .join(Account, Account.id == Assignment.therapist_id)
            .where(Account.email == WHO)
        )
        course = session.scalars(
            own.where(Course.status == "active", Course.case_id != LONG_ID).order_by(Course.case_id)
        ).first()
        long = session.scalars(own.where(Course.case_id == LONG_ID)).one()
    database.close()
    return {
        "today": "/today",
        "measures due": "/due",
        "caseload": "/caseload",
        "caseload, closed": "/caseload?show=closed",
        "course": f"/courses/{course}",
        "course, 500 sessions": f"/courses/{long}",
        "sessions, 500": f"/courses/{long}/sessions",
        "log a session": f"/courses/{course}/sessions/new",
        "one session": f"/courses/{course}/sessions/1",
        "measures": f"/courses/{course}/measures",
        "enter a PCL-5": f"/courses/{course}/measures/pcl5_week/new",
        "progress": f"/courses/{course}/progress",
        "progress, 500 sessions": f"/courses/{long}/progress",
        "evidence": "/evidence",
        "evidence sets": "/evidence/sets",
        "benchmark": "/benchmark",
    }


def charts_of(made):
    """Draw the charts of several courses cold, then one of them warm; milliseconds."""
    database = open_database(made.database_url, made.database_key, audit=made.audit)
    with database.read() as session:
        account = session.scalars(select(Account).where(Account.email == SUPERVISOR)).one()
        people = frozenset(session.scalars(select(Account.id)))
        courses = session.scalars(select(Course.id).order_by(Course.case_id).limit(CHARTS)).all()
    actor = Actor(account.id, Role.SUPERVISOR, "", people)
    export.warm_up()
    inputs = []
    for course_id in courses:
        with reading(database, actor, account.created_at) as work:
            course = open_course(work, course_id, Permission.OPEN_COURSE)
            inputs.append(read_chart(work, course, ChartChoice(), "bench"))
    database.close()
    cold = sorted(seconds(lambda data=data: export.svg(data)) for data in inputs if data)
    warm = min(seconds(lambda: export.svg(inputs[0])) for _ in range(5))
    return 1e3 * cold[int(0.95 * (len(cold) - 1))], 1e3 * warm


def crowded_charts():
    """Draw the fullest pictures of trials and of a caseload cold, the best of three; in ms."""
    export.warm_up()
    return {
        name: 1e3 * min(seconds(lambda data=data: export.svg.__wrapped__(data)) for _ in range(3))
        for name, data in FULLEST.items()
    }


def seconds(action):
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def process_of(folder):
    """Start the program as a person would; seconds to its first answer, megabytes when idle."""
    port = "8399"
    environment = {**os.environ, "IPT_INSTANCE": str(folder)}
    command = [sys.executable, "-m", "ipt_tracker", "demo", "--port", port]
    began = time.monotonic()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(f"http://{HOST}:{port}/healthz"):
            if time.monotonic() - began > 30:
                raise RuntimeError("the program did not start")
            time.sleep(0.02)
        start = time.monotonic() - began
        time.sleep(3)
        status = Path(f"/proc/{process.pid}/status")
        memory = 0.0
        if status.exists():
            line = next(x for x in status.read_text().splitlines() if x.startswith("VmRSS"))
            memory = int(line.split()[1]) / 1024
        return start, memory
    finally:
        process.terminate()
        process.wait(10)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
