"""Regions, departments, people and the trail of what they did."""

from departments.models.access_token import AccessToken
from departments.models.audit_entry import AuditChain, AuditEntry
from departments.models.department import Department
from departments.models.membership import Membership
from departments.models.region import Region
from departments.models.user import User

__all__ = ["AccessToken", "AuditChain", "AuditEntry", "Department", "Membership", "Region", "User"]
