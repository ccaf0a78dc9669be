"""Measured goals of full and incremental recomputes: `python -m tests.benchmarks`."""
