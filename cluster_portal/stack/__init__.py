"""The local stack: PostgreSQL, Redis, web, worker and beat on one machine, for `make run`, tests and benchmarks.

Nothing here is used in production; `docs/operations.md` says how the portal runs there.
"""
