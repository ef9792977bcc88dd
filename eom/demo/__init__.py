"""The demonstration: real geography and real past missions, invented people and money.

May use every domain; nothing uses it.
"""
