"""Compile message catalogues without GNU gettext: the source is committed, the compiled file is not."""

import os
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed


def compile_catalogues(directories: list[Path] | None = None) -> list[Path]:
    """Compile each `.po` newer than its `.mo` beside it; return the files written.

    A directory that cannot be written (a read-only installation) is left as it is: there the
    catalogues were compiled when the installation was made.
    """
    written = []
    for directory in directories if directories is not None else map(Path, settings.LOCALE_PATHS):
        for source in sorted(directory.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if is_stale(source, target) and _write(source, target):
                written.append(target)
                # Loading the models has already read the old catalogue: Django compares a message while it does.
                translation_file_changed(sender=None, file_path=target)
    return written


def is_stale(source: Path, target: Path) -> bool:
    """Say whether `target` is missing or not made from the present `source`."""
    return not target.exists() or target.stat().st_mtime_ns != source.stat().st_mtime_ns


def _write(source: Path, target: Path) -> bool:
    """Compile through a temporary file, so that a process starting meanwhile never reads half of it."""
    stamp = source.stat().st_mtime_ns
    part = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        polib.pofile(str(source)).save_as_mofile(str(part))
        # The source's own time marks what was compiled: a checkout of an older source counts as a change.
        os.utime(part, ns=(stamp, stamp))
        part.replace(target)
    except PermissionError:
        return False
    return True
