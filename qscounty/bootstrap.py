"""From a bare checkout to a running command: `python3 qscounty/bootstrap.py run|test|bench|lint [options]`.

Standard library only, and no syntax newer than Python 3.6: an old Python must get as far as the sentence that
says it is too old. The Makefile only calls this file, since make cannot handle paths with spaces.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
COMMANDS = {
    "run": (RUNTIME, [["manage.py", "up"]]),
    # A file stays in one process, so that what it loads once is loaded once.
    "test": (DEVELOPMENT, [["-m", "pytest", "-n", "auto", "--dist", "loadfile"]]),
    "bench": (DEVELOPMENT, [["-m", "tests.benchmarks"]]),
    "lint": (
        DEVELOPMENT,
        [
            ["-m", "ruff", "check", "."],
            ["-m", "ruff", "format", "--check", "."],
            ["-m", "djlint", "--quiet", "--lint", "templates"],
            ["-m", "mypy"],
            ["-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
        ],
    ),
}
# What pip says -> what a person should know.
PIP_REASONS = (
    ("No space left on device", "the disk is full: make room and start again."),
    (
        "DO NOT MATCH THE HASHES",
        "a downloaded file is not the one that was reviewed: check the package index you use.",
    ),
    (
        "No matching distribution found for",
        "the index has no file of it for this machine ({machine}, Python {python}): try another Python or index.",
    ),
    ("Permission denied", "the directory .venv may not be written: start as its owner, or delete it."),
    ("Temporary failure in name resolution", "the package index cannot be reached: check network, proxy and pip.conf."),
    ("NewConnectionError", "the package index cannot be reached: check network, proxy and pip.conf."),
    ("Could not fetch URL", "the package index cannot be reached: check network, proxy and pip.conf."),
)


class Refusal(Exception):
    """A sentence for the person at the keyboard."""


def main(arguments: "list[str]") -> int:
    """Run one command; return its exit code. Ends this process for commands of one step."""
    if not arguments or arguments[0] not in COMMANDS:
        raise Refusal("Say what to do: {} run|test|bench|lint [options].".format(Path(__file__).name))
    check_python(sys.version_info[:2])
    name, options = arguments[0], arguments[1:]
    requirements, steps = COMMANDS[name]
    with one_at_a_time():
        ensure_venv()
        ensure_installed(requirements)
    os.chdir(str(PROJECT))
    if len(steps) == 1:
        # Ctrl-C and signals then reach the command itself, with nobody in between.
        os.execve(str(PYTHON), [str(PYTHON)] + steps[0] + options, child_environment())
    results = [subprocess.call([str(PYTHON)] + step, env=child_environment()) for step in steps]
    for step, result in zip(steps, results):
        say("{:6} {}".format("ok" if result == 0 else "FAILED", " ".join(step)))
    return max(results)


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def check_python(version: "tuple[int, ...]") -> None:
    """Go on with a newer Python of this machine if this one is too old; say so if there is none."""
    if version >= OLDEST:
        return
    for name in NEWER_NAMES:
        found = shutil.which(name)
        if found:
            os.execv(found, [found] + sys.argv)
    raise Refusal(
        "Python {}.{} is too old: qscounty needs Python 3.11 or newer; install one"
        " (Debian: apt-get install python3.11) and start again.".format(*version)
    )


@contextlib.contextmanager
def one_at_a_time() -> "Iterator[None]":
    """Let a second start in the same checkout wait until the first has installed everything."""
    descriptor = os.open(str(PROJECT), os.O_RDONLY)
    try:
        # Some network disks know no locks: two first starts at once are rare enough.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def ensure_venv() -> None:
    """Make the virtual environment unless a working one is there."""
    if PYTHON.exists() and (read_stamp() or has_pip()):
        return
    say("Making the virtual environment …")
    import venv

    try:
        if importlib.util.find_spec("ensurepip"):
            venv.create(str(VENV), with_pip=True, clear=True, symlinks=True)
            return
        venv.create(str(VENV), with_pip=False, clear=True, symlinks=True)
    except PermissionError as error:
        raise Refusal("{} may not be written: start as its owner, or delete it.".format(error.filename or VENV))
    except OSError as error:
        raise Refusal("The virtual environment cannot be made: {}.".format(error))
    except subprocess.CalledProcessError as error:
        raise Refusal("The virtual environment cannot be made: {}.".format(describe_output(error.output)))
    add_pip()


def add_pip() -> None:
    """Put pip into an environment made by a Python without ensurepip, as Debian's is without python3-venv."""
    if succeeds([sys.executable, "-m", "pip", "--version"]):
        run_pip([sys.executable, "-m", "pip", "--python", str(PYTHON)], ["pip"], what="pip")
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refusal(
            "This Python can make no virtual environment: install its part for that"
            " (Debian: apt-get install python3-venv) and start again."
        )
    subprocess.check_call(["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"])
    subprocess.check_call([sys.executable, "-m", "venv", "--clear", str(VENV)])


def has_pip() -> bool:
    """Say whether the environment's Python runs and has pip: an interrupted start leaves one without."""
    return succeeds([str(PYTHON), "-m", "pip", "--version"])


def succeeds(command: "list[str]") -> bool:
    """Say whether a program exists, runs and ends well; its output is nobody's business."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def ensure_installed(requirements: str) -> None:
    """Install the pinned list unless exactly this one, or the longer development list, is installed."""
    accepted = [wanted_stamp(requirements), wanted_stamp(DEVELOPMENT)]
    if read_stamp() in accepted:
        return
    lines = (PROJECT / requirements).read_text().splitlines()
    say("Installing {} packages …".format(sum("==" in line for line in lines)))
    # From here until the end nothing counts as installed.
    stamp_path().write_text("")
    command = [str(PYTHON), "-m", "pip"]
    # The list is complete, so nothing is resolved; thousands of modules that nobody imports are not compiled.
    options = ["--require-hashes", "--no-deps", "--no-compile", "-r", str(PROJECT / requirements)]
    run_pip(command, options, what="A package")
    stamp_path().write_text(wanted_stamp(requirements))


def run_pip(command: "list[str]", arguments: "list[str]", what: str) -> None:
    """Install; explain a failure in one sentence after pip's own last lines."""
    environment = child_environment()
    environment.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_ROOT_USER_ACTION="ignore")
    environment.pop("PIP_TARGET", None)
    environment.pop("PIP_PREFIX", None)
    done = subprocess.run(
        command + ["install", "--quiet"] + arguments,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        output = done.stdout.decode(errors="replace")
        say(describe_output(output))
        raise Refusal(explain_pip(output, what))


def explain_pip(output: str, what: str) -> str:
    """Return one sentence for what pip said."""
    for sign, reason in PIP_REASONS:
        if sign in output:
            named = output.split("No matching distribution found for", 1)[-1].split() if "No matching" in sign else []
            reason = reason.format(machine=os.uname().machine, python="{}.{}".format(*sys.version_info[:2]))
            return "{} cannot be installed: {}".format(named[0] if named else what, reason)
    return "{} cannot be installed: pip's lines above say why.".format(what)


def describe_output(output: "bytes | str | None") -> str:
    """Return the last lines of a program's output."""
    text = output.decode(errors="replace") if isinstance(output, bytes) else (output or "")
    return "\n".join(text.strip().splitlines()[-8:])


def stamp_path() -> Path:
    """Return the file that says which list is installed."""
    return VENV / "installed"


def read_stamp() -> str:
    """Return what is installed, empty if nothing is or the installation was interrupted."""
    with contextlib.suppress(OSError):
        return stamp_path().read_text()
    return ""


def wanted_stamp(requirements: str) -> str:
    """Return the stamp of a list: its name and its content."""
    return "{} {}".format(requirements, hashlib.sha256((PROJECT / requirements).read_bytes()).hexdigest())


def child_environment() -> "dict[str, str]":
    """Return our environment without what would lead the new Python to another one's packages."""
    environment = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    return environment


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
