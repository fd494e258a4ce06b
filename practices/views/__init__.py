"""Pages of practices: find, ask who may, act, answer."""
