"""The page that is written from the measurements: each beside its goal."""

from dataclasses import dataclass, field

from tests.benchmarks.bench_export import Exported, list_export_goals, write_export
from tests.benchmarks.bench_pages import PageTime, list_page_goals, write_pages
from tests.benchmarks.generate import Size
from tests.benchmarks.measure import Time
from tests.benchmarks.rivals import ORM_ROWS


@dataclass(frozen=True)
class Latency:
    """What one approval needs of a worker, from claim to commit; of that, `database_p95` is not its own computing."""

    figures: int
    median: float
    p95: float
    database_p95: float


@dataclass
class Findings:
    """Everything that was measured. Seconds unless a name says otherwise."""

    machine: str
    size: Size
    rows: int
    full: dict[str, Time] = field(default_factory=dict)
    workers: dict[int, float] = field(default_factory=dict)  # by number of worker processes
    orm_row: float = 0.0
    sql_differs: int = 0
    threads: float = 0.0  # by two threads of one process
    memory: dict[int, float] = field(default_factory=dict)  # MB, by number of threads
    latencies: list[Latency] = field(default_factory=list)
    floor_commit: float = 0.0
    reads: dict[str, float] = field(default_factory=dict)
    pages: dict[str, PageTime] = field(default_factory=dict)
    export: Exported | None = None
    national: tuple[int, float, float] | None = None  # figures, seconds, MB


def write(found: Findings) -> str:
    """Return the page: goals first, then everything measured."""
    full, rows = found.full, found.rows
    one, floor = full["full recompute, in one thread"], full["floor: COPY out and in, same keys"]
    sql, orm = full["one SQL statement, same keys"], found.orm_row * rows
    two, flat = found.workers[1] / found.workers[2], found.latencies[-1].median / found.latencies[1].median
    p95 = max(each.database_p95 for each in found.latencies)
    held_by = [
        (f"memory of a process that recomputes in {number} thread{'s' * (number > 1)}", held)
        for number, held in found.memory.items()
    ]
    held_by += [("memory of a worker over the whole nation", found.national[2])] if found.national else []
    goals = [
        *_list_full_goals("full recompute, two worker processes", found.workers[2], floor.wall, orm, sql.wall),
        *_list_full_goals("full recompute, one process with two threads", found.threads, floor.wall, orm, sql.wall),
        ("full recompute in one thread against the floor", f"{one.wall / floor.wall:.2f} ×", "", True),
        ("the same, processor time against the floor's", f"{one.cpu / floor.cpu:.2f} ×", "", True),
        ("the same, processor time of the SQL statement against it", f"{sql.cpu / one.cpu:.2f} ×", "", True),
        *((name, f"{held:.0f} MB", "≤ 100 MB", held <= 100) for name, held in held_by),
        ("two worker processes against one", f"{two:.2f} ×", "≥ 1.7 ×", two >= 1.7),
        ("one approval, p95, in the database", f"{p95 * 1000:.1f} ms", "≤ 10 ms", p95 <= 0.010),
        ("one approval, largest against province", f"{flat:.2f} ×", "≤ 1.3 ×", flat <= 1.3),
        ("matrix from roll-ups", f"{found.reads['matrix'] * 1000:.1f} ms", "≤ 10 ms", found.reads["matrix"] <= 0.010),
        ("every cell of a quarter", f"{found.reads['cells'] * 1000:.1f} ms", "≤ 25 ms", found.reads["cells"] <= 0.025),
        *list_page_goals(found.pages),
        *(list_export_goals(found.export) if found.export else ()),
    ]
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; medians of runs in turns in one process, on real PostgreSQL 18 with `fsync` on.",
        f"Machine: {found.machine}.",
        "Absolute times move with the machine and with whatever else it does; ratios taken side by side count.",
        "",
        "## Goals",
        "",
        "| what | measured | goal | |",
        "|---|---|---|---|",
        *(
            f"| {what} | {have} | {want} | {('reached' if ok else '**missed**') if want else ''} |"
            for what, have, want, ok in goals
        ),
        "",
        f"## Full recompute of {rows:,} results".replace(",", " "),
        "",
        "Everything changed unless it says otherwise: read by COPY, computed, written by COPY, keys and roll-ups",
        "built, swapped.",
        "",
        "| way | seconds | µs a result | against the floor | processor seconds, client and server |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {taken.wall:.2f} | {taken.wall / rows * 1e6:.2f} | {taken.wall / floor.wall:.2f} × |"
            f" {taken.cpu:.2f} |"
            for name, taken in full.items()
        ),
        f"| ORM loop with `update()` in one transaction ({ORM_ROWS} results scaled up) | {orm:,.0f} | "
        f"{found.orm_row * 1e6:,.0f} | {orm / floor.wall:,.0f} × | – |".replace(",", " "),
        *(
            f"| full recompute by {who} | {taken:.2f} | {taken / rows * 1e6:.2f} | {taken / floor.wall:.2f} × | – |"
            for who, taken in (
                ("1 worker process", found.workers[1]),
                ("2 worker processes", found.workers[2]),
                ("two threads of one process", found.threads),
            )
        ),
        "",
        "The SQL statement is let off trends, changes, missing quarters, fingerprints and roll-ups;",
        f"{found.sql_differs} of its ratings differ from ours.",
        "",
        "## One approval",
        "",
        "| figures in the database | median | p95 | p95 of what is not the worker's own computing |",
        "|---|---|---|---|",
        *(
            f"| {each.figures:,} | {each.median * 1000:.1f} ms | {each.p95 * 1000:.1f} ms |"
            f" {each.database_p95 * 1000:.1f} ms |".replace(",", " ")
            for each in found.latencies
        ),
        "",
        f"One row and a commit, below which nothing goes: {found.floor_commit * 1000:.2f} ms. All of it:",
        "claim, snapshot, engine, replaced rows, moved roll-ups of every ancestor, commit.",
        "",
        "## Reading",
        "",
        "| question | ms |",
        "|---|---|",
        f"| {found.size.counties} counties × 5 domains, from the roll-ups | {found.reads['matrix'] * 1000:.1f} |",
        f"| the same, counted from the results | {found.reads['recount'] * 1000:.1f} |",
        f"| {found.size.counties} × {found.size.targets} cells of a quarter | {found.reads['cells'] * 1000:.1f} |",
        f"| the province over {found.size.quarters} quarters | {found.reads['trend'] * 1000:.1f} |",
        "",
        *write_pages(found.pages)[:-1],
        *(["", *write_export(found.export)] if found.export else ()),
    ]
    if found.national:
        figures, taken, memory = found.national
        count = f"{figures:,}".replace(",", " ")
        lines += [
            "",
            "## The nation",
            "",
            f"{count} figures, everything recomputed by two worker processes: {taken:.0f} s;",
            f"the larger of the two held {memory:.0f} MB.",
        ]
    return "\n".join([*lines, ""])


def _list_full_goals(what: str, taken: float, floor: float, orm: float, sql: float) -> list[tuple[str, str, str, bool]]:
    """Return how one way of a full recompute stands against the floor and its rivals; all in seconds."""
    return [
        (f"{what}, against the COPY floor", f"{taken / floor:.2f} ×", "≤ 1.2 ×", taken <= 1.2 * floor),
        ("the same against the ORM loop", f"{orm / taken:,.0f} × faster", "≥ 1 000 ×", orm >= 1000 * taken),
        ("the same against one SQL statement", f"{sql / taken:.2f} × faster", "≥ 2.5 ×", sql >= 2.5 * taken),
    ]
