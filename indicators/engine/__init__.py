"""The rules that can be disputed: pure, columnar, standard library and numpy only.

Nothing in this package knows a clock, a user, a request, a setting, a translation or a database row.
"""
