"""Missions, from the invitation to the financial closing.

Uses accounts. Central words: mission, round (a polling day with its hours), milestone (a dated duty
with an owner and a document).
"""
