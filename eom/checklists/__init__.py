"""Checklists: the forms that observers fill at polling stations, and what they send.

Uses missions, observers, stations and deployment. Central words: a *form* (one per stage of a
mission), its *version* (an XLSForm as published, never changed after) and a *submission* (one filled
form as sent, known by its instance id).
"""
