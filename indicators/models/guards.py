"""What the database itself refuses for figures and submissions, whoever writes: triggers, without exemption.

The actions refuse the same with sentences; these hold against a forgotten check, a shell and plain SQL. Refusals
have the SQLSTATE 23001 (restrict violation), an IntegrityError in Django. Each trigger takes its locks in the order
of every act: quarter, submission. Source: trust rules 6, 7 and 9, cases T6, T8, T9.
"""

import pgtrigger

from indicators.engine.submission_states import EDITABLE, TRANSITIONS, State

_EDITABLE = ", ".join(f"'{state}'" for state in sorted(EDITABLE))
_REFUSE = "USING ERRCODE = 'restrict_violation'"

_TODAY = "(transaction_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"

# The row is held FOR SHARE, so that closing a quarter and saving into it cannot cross. A department's own extension
# keeps its form open; those granted before a closing by hand ended with it. Extensions change under the same lock.
_READ_WINDOW = f"""
    SELECT (w.closed_at IS NOT NULL OR {_TODAY} > w.closes_on)
       AND NOT EXISTS (
           SELECT 1 FROM indicators_extension x
           WHERE x.window_id = w.id AND x.department_id = {{department}} AND {_TODAY} <= x.closes_on
             AND x.granted_at IS NOT NULL AND (w.closed_at IS NULL OR x.granted_at > w.closed_at))
      INTO closed FROM indicators_reportingquarter w
      WHERE w.programme_id = {{programme}} AND w.quarter = {{quarter}} FOR SHARE;
"""  # noqa: S608  constants only
_READ_PLACE = "SELECT * INTO place FROM indicators_reportingquarter w WHERE w.id = NEW.window_id FOR SHARE;"
_READ_HOME = "SELECT * INTO home FROM indicators_submission s WHERE s.id = NEW.submission_id{lock};"
_REFUSE_CLOSED = f"""
    IF closed IS DISTINCT FROM FALSE AND NOT {{correcting}} THEN
        RAISE EXCEPTION 'The quarter is closed or was never opened.' {_REFUSE};
    END IF;
"""
_REFUSE_VERSION = f"""
    IF NEW.version <> {{expected}} THEN
        RAISE EXCEPTION 'The version must move by one.' {_REFUSE};
    END IF;
"""


def _content_guard(*, name: str, operation: pgtrigger.Operation, then: str = "") -> pgtrigger.Trigger:
    """Return the guard of what hangs on a form: it changes only while form and quarter are open."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        declare=[("closed", "boolean"), ("home", "indicators_submission%ROWTYPE")],
        func=_READ_HOME.format(lock="")
        + _READ_WINDOW.format(programme="home.programme_id", quarter="NEW.quarter", department="home.department_id")
        + _READ_HOME.format(lock=" FOR SHARE")
        + _REFUSE_CLOSED.format(correcting="home.is_correction")
        + f"""
    IF home.status NOT IN ({_EDITABLE}) OR home.quarter <> NEW.quarter THEN
        RAISE EXCEPTION 'The submission takes no changes now.' {_REFUSE};
    END IF;
"""
        + then
        + "RETURN NEW;",
    )


FIGURE_GUARDS = [
    _content_guard(name="guarded_insert", operation=pgtrigger.Insert, then=_REFUSE_VERSION.format(expected="1")),
    _content_guard(
        name="guarded_update", operation=pgtrigger.Update, then=_REFUSE_VERSION.format(expected="OLD.version + 1")
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(name="place_kept", fields=["series", "quarter", "submission"]),
]

_FOUR_EYES = f"""
    IF NEW.status = '{State.APPROVED}' AND EXISTS (
        SELECT 1 FROM indicators_figureevent e
        WHERE e.submission_id = NEW.id AND e.entered_by_id = NEW.decided_by_id AND e.version > COALESCE((
            SELECT max(a.figure_version) FROM indicators_approvedfigure a
            WHERE a.submission_id = NEW.id AND a.series_id = e.series_id), 0))
    THEN
        RAISE EXCEPTION 'Whoever entered a figure since the last approval cannot approve it.' {_REFUSE};
    END IF;
"""  # noqa: S608  constants only

SUBMISSION_GUARDS = [
    pgtrigger.FSM(
        name="legal_moves",
        field="status",
        transitions=sorted({(str(line.source), str(line.target)) for line in TRANSITIONS}),
    ),
    pgtrigger.Trigger(
        name="guarded_move",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
        declare=[("closed", "boolean")],
        func=_READ_WINDOW.format(programme="NEW.programme_id", quarter="NEW.quarter", department="NEW.department_id")
        + _REFUSE_CLOSED.format(correcting="(OLD.is_correction OR NEW.is_correction)")
        + _FOUR_EYES
        + "RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="version_moves",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=_REFUSE_VERSION.format(expected="OLD.version + 1") + "RETURN NEW;",
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(name="place_kept", fields=["programme", "department", "quarter"]),
]

EVIDENCE_GUARDS = [
    _content_guard(name="guarded_insert", operation=pgtrigger.Insert),
    _content_guard(name="guarded_update", operation=pgtrigger.Update),
]

# Once the quarter is closed for the department, only a second person lets an extension count. Source: case T16.
EXTENSION_GUARDS = [
    pgtrigger.Trigger(
        name="second_person",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=pgtrigger.Q(new__granted_at__isnull=False, new__confirmed_by__isnull=True),
        declare=[("closed", "boolean"), ("place", "indicators_reportingquarter%ROWTYPE")],
        func=_READ_PLACE
        + _READ_WINDOW.format(programme="place.programme_id", quarter="place.quarter", department="NEW.department_id")
        + _REFUSE_CLOSED.format(correcting="FALSE")
        + "RETURN NEW;",
    )
]
