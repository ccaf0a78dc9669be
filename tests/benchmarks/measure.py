"""Clocks, medians and the machine's name."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

BASE = Path(__file__).resolve().parent.parent.parent


def seconds(act: Callable[[], object]) -> float:
    """Return how long the act took, wall clock."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


@dataclass(frozen=True)
class Time:
    """Wall clock, and processor time of this process and its database connection together; seconds.

    The second hardly moves with whatever else the machine does.
    """

    wall: float
    cpu: float


def side_by_side(acts: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, Time]:
    """Return the medians of each act, run in turns so that a busy moment meets all of them."""
    times: dict[str, list[Time]] = {name: [] for name in acts}
    for _round in range(rounds):
        for name, act in acts.items():
            before = processor_seconds()
            wall = seconds(act)
            times[name].append(Time(wall=wall, cpu=processor_seconds() - before))
            print(f"    {name}: {wall:.2f} s, processor {times[name][-1].cpu:.2f} s", flush=True)
    return {
        name: Time(
            wall=statistics.median(time.wall for time in values), cpu=statistics.median(time.cpu for time in values)
        )
        for name, values in times.items()
    }


def processor_seconds() -> float:
    """Return what this process and its connection's server process have used so far; outside Linux this one only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not status.exists():
        return time.process_time()
    fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quantile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


_COMMAND = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
lines = open("/proc/self/status").read().splitlines()
print("peak", next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def peak_memory(*arguments: str) -> float:
    """Run `manage.py` with these arguments and return the most memory that its process held, in MB; NaN outside Linux.

    The process reads its own mark: what the parent is told includes the parent itself.
    """
    if not Path("/proc/self/status").exists():
        return float("nan")
    ran = subprocess.run(
        [sys.executable, "-c", _COMMAND, *arguments], cwd=BASE, check=True, capture_output=True, text=True
    )
    return int(ran.stdout.rpartition("peak ")[2]) / 1024


def most_memory_of(process: int) -> float:
    """Return the most memory that a running process has held so far, in MB; NaN outside Linux."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return float("nan")
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def name_machine() -> str:
    """Return what the figures were measured on."""
    model, listing = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{names[0] if names else model}, {os.cpu_count()} cores, {platform.system()}, load {load:.1f} at the start"
