"""Clocks, medians and the machine's name."""

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent


def seconds(act: Callable[[], object]) -> float:
    """Return how long the act took, wall clock."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def side_by_side(acts: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Return the median seconds of each act, run in turns so that a busy moment meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(rounds):
        for name, act in acts.items():
            times[name].append(seconds(act))
            print(f"    {name}: {times[name][-1]:.2f} s", flush=True)
    return {name: statistics.median(values) for name, values in times.items()}


def quantile(values: list[float], share: float) -> float:
    """Return the value below which `share` of the values lie."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def peak_memory(*arguments: str) -> float:
    """Run `manage.py` with these arguments and return the most memory that its process held, in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=BASE, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if after == before:
        return float("nan")  # an earlier child was larger: measure this one first
    return after / 1024


def name_machine() -> str:
    """Return what the figures were measured on."""
    model, listing = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{names[0] if names else model}, {os.cpu_count()} cores, {platform.system()}, load {load:.1f} at the start"
