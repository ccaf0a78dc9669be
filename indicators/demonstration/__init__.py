"""Plausible figures for a first look, always marked as demonstration data. Pure: no database, no clock."""
