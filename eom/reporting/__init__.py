"""What goes out of the house: the annual report to the Permanent Council and the figures for the press.

Uses every domain below. Central words: annual report (the year's money, that adds up), press figures
(a mission's people and coverage, with an instant), as of (the instant that a figure belongs to).
"""
