"""Who may do what with which table: the database's own roles, as one table. Source: trust rules 19, 22, 23; ADR 13.

The owner makes and changes tables; no server process signs in as it. What has no line here, nobody but the owner may
touch. Letters: S select, I insert, U update, D delete; `U(a,b)` of these columns only; `U(id)` is there for row locks,
since a key that others point at does not change; M the lock of a whole table (LOCK TABLE). Nobody may TRUNCATE.
"""

import re
from dataclasses import dataclass

OWNER = "qscounty"
APP, WORKER, AUDITOR, BACKUP = ROLES = ("qscounty_app", "qscounty_worker", "qscounty_auditor", "qscounty_backup")
USERS = {"web": APP, "worker": WORKER}
"""Who a process of a local site signs in as; commands are the owner."""
OWNED_BY_WORKER = ("indicators_attainment", "indicators_rollup")
"""Results are derived. Their partitions are made, filled and exchanged by workers, which takes their owner."""
MADE_BY_WORKERS = re.compile(r"indicators_(attainment|rollup|resultstate)_[prn]\d+")
SEQUENCES = (APP, WORKER)

_APPENDED = "SI SI S"
_RULE = "S S -"
# table: application, worker, auditor. The backup role may read everything.
_LINES = f"""
departments_accesstoken        SIU S -
departments_auditchain         SIU(length,head) SIU(length,head) S
departments_auditentry         {_APPENDED}
departments_department         SU(id) S S
departments_membership         SIUD S S
departments_region             {_RULE}
departments_user               SIU S S(id,username,full_name,is_active)
departments_user_groups        S - -
departments_user_user_permissions S - -
auth_group                     S - -
auth_group_permissions         S - -
auth_permission                S - -
axes_accessattempt             SIUD - -
axes_accessattemptexpiration   SIUD - -
axes_accessfailurelog          SI - S
axes_accesslog                 SIU - S
django_content_type            {_RULE}
django_migrations              {_RULE}
django_session                 SIUD - -
pghistory_context              SIU(metadata,updated_at) - S
indicators_figureevent         SI S S
indicators_submissionevent     SI S S
indicators_allocation          {_RULE}
indicators_approvedfigure      SIU(is_current)M S -
indicators_attainment          S SIUD -
indicators_benchmarkfigure     {_RULE}
indicators_carrieddenominator  SIU S -
indicators_checkmark           SI S -
indicators_clause              {_RULE}
indicators_evidence            SIU(removed_at,removed_by_id) S -
indicators_extension           SIU S -
indicators_figure              SIU S -
indicators_idempotencykey      SIU(answer) - -
indicators_indicator           {_RULE}
indicators_leftout             {_RULE}
indicators_notice              SIU(read_at) SIU(emailed_at) -
indicators_programme           SU(id) SU(id) -
indicators_recomputerequest    SIU SIUD -
indicators_remark              SI S -
indicators_reportingquarter    SIU S -
indicators_resultstate         S SIUD -
indicators_rewardrule          {_RULE}
indicators_rollup              S SIUD -
indicators_series              {_RULE}
indicators_source              {_RULE}
indicators_submission          SIU S -
indicators_target              {_RULE}
indicators_targetdepartment    {_RULE}
indicators_threshold           {_RULE}
indicators_typedtext           SIUD S -
indicators_workbookupload      SIU S -
reports_bulletin               SIU S -
reports_bulletinversion        SI S -
reports_exportjob              SIU SU -
reports_letter                 S SI -
reports_ownlayout              SIU S -
reports_publication            SIU S -
reports_publishedpart          SI S -
reports_publishedresult        SI S -
reports_publishedrollup        SI S -
"""
_WORDS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE", "M": "MAINTAIN"}
_GRANT = re.compile(r"([SIUDM])(?:\(([a-z_,]+)\))?")


@dataclass(frozen=True, slots=True)
class Grant:
    """One privilege on a table, on all of its columns if none are named."""

    privilege: str
    columns: tuple[str, ...] = ()


def parse(letters: str) -> tuple[Grant, ...]:
    """Return the grants of one cell; ValueError for anything but the letters above."""
    if letters == "-":
        return ()
    if not re.fullmatch(rf"(?:{_GRANT.pattern})+", letters):
        raise ValueError(f"{letters!r} is no right.")
    found = _GRANT.findall(letters)
    return tuple(Grant(_WORDS[letter], tuple(columns.split(",")) if columns else ()) for letter, columns in found)


def _read(lines: str) -> dict[str, dict[str, tuple[Grant, ...]]]:
    rows = [line.split() for line in lines.strip().splitlines()]
    return {table: {**dict(zip(ROLES, map(parse, cells), strict=False)), BACKUP: parse("S")} for table, *cells in rows}


RIGHTS = _read(_LINES)
"""Table → role → grants."""
