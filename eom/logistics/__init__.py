"""How the people of a mission come, sleep, move, are known at a door, and are reached when something happens.

Uses missions, observers, deployment and checklists (their words of safety). Central words: travel (someone's arrival or
departure), stay (their nights in a hotel), credential (the card with a QR code), call tree (who calls whom), headcount
(who was reached after something happened).
"""
