"""Where people vote: areas, voting centres and polling stations, as the authority lists them.

Uses missions. Central words: register (the authority's list), voting centre (a building), polling
station (a table in it).
"""
