"""The demo consortium: the real universities with invented people, places, rounds and applications.

Everything is dated from the day it is loaded, so that something is always open and something always due soon. What can
be done by the portal's own actions is done by them, in the order in which it would have happened (`diary`).
"""
