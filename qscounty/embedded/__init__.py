"""The embedded PostgreSQL and Valkey of an empty machine; only settings, `up` and the test session know them."""
