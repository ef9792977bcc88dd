"""People and their places in missions: who observes, in what role, and what each still needs to do.

Uses missions. Central words: person (one of the roster), appointment (a person's place in a mission),
head-count (the roles that a press note counts as observers).
"""
