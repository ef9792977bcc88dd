"""Who observes which polling station, and what has been visited.

Uses missions, observers and stations. Central words: team (people who travel together), assignment (an appointment at a station in a
round), visit (what has arrived from a station), coverage (planned and visited, by area).
"""
