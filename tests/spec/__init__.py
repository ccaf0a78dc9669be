"""The rules as worked cases: tables of targets, figures and results, each with its section or clause."""
