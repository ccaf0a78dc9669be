"""`manage.py up`: start everything this checkout needs, until Ctrl-C."""

import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from socket import socket
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from qscounty import environment, preparation, supervisor
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.stack import Stack
from qscounty.supervisor import Process, Supervisor, child_environment

READY_SECONDS = 90.0


class Command(BaseCommand):
    """Start database, broker, web server, worker and beat; stop them together."""

    help = "Start the site on this machine: database, broker, web, worker, beat. Ctrl-C stops it."
    requires_system_checks = ()  # the checks take longer than the start; `make test` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, help="first port to try (QSCOUNTY_PORT, else 8000)")
        parser.add_argument("--workers", type=int, default=2, help="web processes")
        parser.add_argument("--no-demonstration", action="store_true", help="load programmes only: a real site")
        parser.add_argument("--empty", action="store_true", help="load nothing: for restoring a backup")
        parser.add_argument("--exit-when-ready", action="store_true", help="stop as soon as it serves: a trial")

    def handle(self, **options: Any) -> None:
        """Run until told to stop; every failure is one sentence."""
        self._print = threading.Lock()
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        try:
            self._run(options)
        except KeyboardInterrupt:
            pass
        except (LocalServiceError, ImproperlyConfigured) as error:
            raise CommandError(supervisor.hide_password(str(error))) from error
        except DatabaseError as error:
            raise CommandError(_explain_database(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        port = options["port"] or environment.read_count("QSCOUNTY_PORT", default=8000, least=1, most=65535)
        stack = Stack(
            settings.STATE,
            with_postgres=not os.environ.get("DATABASE_URL"),
            with_valkey=not os.environ.get("REDIS_URL"),
        )
        keeper = Supervisor(directory=settings.BASE_DIR, say=self.say)
        try:
            preparation.check_disk(settings.STATE.directory)
            stack.start()
            listener = supervisor.open_port(options["host"], port)
            taken = listener.getsockname()[1]
            if taken != port:
                self.say(f"Port {port} is taken: using {taken}.")
            self._prepare(
                with_contents=not options["empty"],
                # Its accounts have a published password: never on a site that others reach.
                with_demonstration=settings.IS_LOCAL and not (options["empty"] or options["no_demonstration"]),
            )
            self._start_web(keeper, listener=listener, workers=options["workers"])
            self._wait_until_ready(keeper, host=options["host"], port=taken)
            self._start_background(keeper)
            self._announce(host=options["host"], port=taken, seconds=time.monotonic() - began)
            while not options["exit_when_ready"]:
                time.sleep(0.2)
                keeper.look_after()
                for name in stack.revive():
                    self.say(f"{name} had ended by itself and was started again.")
        finally:
            self._stop(keeper, stack)

    def _prepare(self, *, with_contents: bool, with_demonstration: bool) -> None:
        """Bring database and files up to date, then let go of the database: children open their own."""
        preparation.check_database()
        preparation.prepare_schema(self.say)
        preparation.prepare_static_files(self.say)
        if with_contents:
            preparation.load_contents(self.say, with_demonstration=with_demonstration)
        # Last: what was loaded has made partitions, which belong to the workers.
        preparation.grant_rights(self.say)
        self._accounts = preparation.list_demonstration_accounts() if with_demonstration else []
        connections.close_all()

    def _start_web(self, keeper: Supervisor, *, listener: socket, workers: int) -> None:
        keeper.add(
            Process(
                name="web",
                command=supervisor.web_command(listener, workers=workers),
                environment=child_environment("web"),
                patience=15,
                pass_fds=(listener.fileno(),),
            )
        )

    def _start_background(self, keeper: Supervisor) -> None:
        """Start worker and beat: after the web server, so that on few cores the first page does not wait for them."""
        keeper.add(
            Process(
                name="worker",
                command=supervisor.worker_command(concurrency=2),
                environment=child_environment("worker"),
                patience=settings.CELERY_TASK_TIME_LIMIT + 10,
            )
        )
        keeper.add(
            Process(
                name="beat",
                command=supervisor.beat_command(settings.STATE.directory),
                environment=child_environment("worker"),
                patience=10,
            )
        )

    def _wait_until_ready(self, keeper: Supervisor, *, host: str, port: int) -> None:
        """Return once a page is served; give up when the web server cannot even start."""
        deadline = time.monotonic() + READY_SECONDS
        name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
        while not supervisor.answers(_reachable(host), port, path="/livez", name=name):
            keeper.look_after()
            if keeper.has_failed("web"):
                raise LocalServiceError("The web server cannot start: its last lines above say why.")
            if time.monotonic() > deadline:
                raise LocalServiceError(f"The web server was not ready after {READY_SECONDS:.0f} s.")
            time.sleep(0.05)

    def _announce(self, *, host: str, port: int, seconds: float) -> None:
        self.say(f"Ready after {seconds:.1f} s: http://{_shown(host)}:{port}/")
        for line in self._accounts:
            self.say(f"  {line}")
        self.say("Ctrl-C stops it.")

    def _stop(self, keeper: Supervisor, stack: Stack) -> None:
        """Stop all, undisturbed: a second Ctrl-C must not leave a server behind."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.say("Stopping …")
        connections.close_all()
        keeper.stop()
        stack.stop()
        self.say("Stopped.")

    def say(self, line: str) -> None:
        """Print one line; lines of several processes never mix. A closed terminal is no reason to fail."""
        try:
            with self._print:
                self.stdout.write(line)
                sys.stdout.flush()
        except OSError:
            pass


def _interrupt(_number: int, _frame: object) -> None:
    """Treat every polite signal like Ctrl-C."""
    raise KeyboardInterrupt


def _reachable(host: str) -> str:
    """Return where to ask a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not listened on


def _shown(host: str) -> str:
    """Return the host as one writes it in an address."""
    host = _reachable(host)
    return f"[{host}]" if ":" in host else host


def _explain_database(error: DatabaseError) -> str:
    """Return one sentence for what the database refused."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "No space left on device" in str(error):
        return f"The disk of the database is full ({reason}): make room and start again."
    return f"The database refused to be prepared: {reason.rstrip('.')}."
