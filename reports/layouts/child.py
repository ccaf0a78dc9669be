"""The process in which a strange layout is opened: bounded in memory and time, knows no database and no key.

Started by `guard` as `python -m reports.layouts.child`. Source: trust rule 19.
"""

import json
import sys

from indicators.excel.child import OUT_OF_BOUNDS, limit_process


def main() -> int:
    """Read the file from standard input, write what was found as JSON."""
    limit_process()
    from reports.layouts.places import find_places
    from reports.layouts.scan import scan_layout

    try:
        scan, findings = scan_layout(sys.stdin.buffer.read())
        places, faults = find_places(scan) if scan.is_whole else ([], [])
        answer = {
            "findings": [finding.dump() for finding in findings],
            "places": [place.dump() for place in places],
            "faults": [[fault.fault, fault.name, fault.sheet, fault.cell, fault.other] for fault in faults],
        }
        text = json.dumps(answer, ensure_ascii=True)
    except MemoryError:
        return OUT_OF_BOUNDS
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
