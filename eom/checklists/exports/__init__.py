"""Submissions as files: which columns, and in which formats."""
