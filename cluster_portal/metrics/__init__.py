"""Figures for a monitoring server at `/metrics` (docs/operations.md, Metrics): requests as they end, and what is.

Every label comes from a bounded set: names of views, methods, statuses, jobs, states. Nothing says who asked for what.
"""
