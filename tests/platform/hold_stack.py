"""Hold a stack until told to stop: `python -m tests.platform.hold_stack DIRECTORY [options]`.

--fleeting: test settings; --orphaning: children outlive us; --nobody: become an ordinary user first, here
and not by the caller, since that user may not be able to enter the environment's Python.
"""

import os
import pwd
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from qscounty.embedded import children
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.stack import Stack
from qscounty.embedded.state import State


def main() -> None:
    """Print "ready" once both servers accept connections; end on SIGTERM."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, leave)
    if "--orphaning" in sys.argv:  # as on systems whose kernel makes no promise
        children._make_promise = lambda _ends_on: None
    if "--nobody" in sys.argv:
        entry = pwd.getpwnam("nobody")
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    try:
        with Stack(State(directory=Path(sys.argv[1])), durable="--fleeting" not in sys.argv):
            print("ready", flush=True)
            while True:
                time.sleep(1)
    except LocalServiceError as error:
        print(error, flush=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
