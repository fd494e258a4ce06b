"""Doctorates supervised by two universities: what their pages, tasks, reminders and holdings are made of."""
