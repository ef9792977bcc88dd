"""The front door: the home page by role, jobs' progress, the audit trail, the public page.

May use every domain below. Central words: what to do next, job, audit entry.
"""
