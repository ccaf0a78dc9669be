"""Serve third-party scripts and styles out of the installed packages: no CDN, no Node, no copies in the repository."""

import hashlib
import importlib.util
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error, register
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Name below the static address -> (installed package, file in it). Single files, not folders: plotly's folder
# alone would add 5 MB of notebook bundle and sample data.
VENDOR_FILES = {
    "vendor/bootstrap.min.css": ("bootstrap", "css/bootstrap.min.css"),
    "vendor/bootstrap.bundle.min.js": ("bootstrap", "js/bootstrap.bundle.min.js"),
    "vendor/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "vendor/plotly.min.js": ("plotly", "package_data/plotly.min.js"),
}


class VendorFinder(BaseFinder):
    """Find the files of `VENDOR_FILES`."""

    # The base class names two return types for one argument; this one serves both.
    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """Return the file behind a static name, in a list with `find_all`; an empty list for nothing.

        Not None for nothing: the framework would put it among the files that were found.
        """
        found = locate_vendor_file(path)
        return [str(found)] if found and find_all else str(found) if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, "VendorStorage"]]:
        """Yield each static name with a storage that opens it, for `collectstatic`."""
        storage = VendorStorage()
        for name in VENDOR_FILES:
            if not matches_patterns(name, ignore_patterns or []):
                yield name, storage


class VendorStorage(FileSystemStorage):
    """A storage whose paths are looked up, since the files lie in several packages."""

    def path(self, name: str) -> str:
        """Return where the file of a static name lies."""
        found = locate_vendor_file(name)
        if found is None:
            raise FileNotFoundError(f"{name} is not a file of an installed package.")
        return str(found)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed names for ever-cached files; plain names until `collectstatic` has run."""

    # Small modules import one another: their addresses must be rewritten to the hashed names too.
    support_js_module_import_aggregation = True
    # Bootstrap names source maps that we do not publish; the manifest would refuse the missing files.
    patterns = tuple(
        (glob, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for glob, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def stored_name(self, name: str) -> str:
        """Return the hashed name, or the plain one where nothing is collected (tests, a first look)."""
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name))) or name)


def locate_vendor_file(name: str) -> Path | None:
    """Return the installed file behind a static name, or None if the name or the file is unknown."""
    entry = VENDOR_FILES.get(name.replace(os.sep, "/"))
    if entry is None:
        return None
    spec = importlib.util.find_spec(entry[0])
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / entry[1]).is_file():
            return path
    return None


def check_vendor_files(**_kwargs: object) -> list[CheckMessage]:
    """Report each third-party file that its package no longer carries, before a page misses it."""
    return [
        Error(
            f"The static file {name} is missing: package {package} has no {inner}.",
            hint="Install requirements.txt again; after an update, correct VENDOR_FILES.",
            id="qscounty.E001",
        )
        for name, (package, inner) in VENDOR_FILES.items()
        if locate_vendor_file(name) is None
    ]


def fingerprint_sources() -> str:
    """Return a text that changes whenever a static file of any finder does; reading none of them."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def register_checks() -> None:
    """Make `manage.py check` look at the third-party files."""
    register(check_vendor_files)
