"""The read interface: what the pages show, for other systems, as JSON and CSV. Source: ADR 12."""
