"""Tests of what starts, serves and configures the product."""
