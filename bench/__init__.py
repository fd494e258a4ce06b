"""`make bench`: how fast the portal is, as ratios to a floor measured in the same run (docs/performance.md)."""
