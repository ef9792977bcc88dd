"""People who sign in and what they may do.

Uses no other domain. Central words: user (an account), role (a named set of permissions),
membership (a role in one mission, or everywhere).
"""
