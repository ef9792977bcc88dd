"""Where the money for missions comes from, and what each mission costs.

Uses missions. Central words: award (a grant agreement with a donor), movement (money in or out of an
award), expenditure (a line of the ledger: never changed, only reversed).
"""
