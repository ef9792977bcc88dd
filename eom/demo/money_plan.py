"""The invented books of 2018 to 2020, as tables. No amount here was ever paid to anyone.

Amounts are whole units of the currency; the loader turns them into cents.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

# currency, year, units for one US dollar from January to December
RATES: tuple[tuple[str, int, str], ...] = (
    ("EUR", 2018, "0.831 0.803 0.814 0.807 0.826 0.858 0.859 0.854 0.857 0.850 0.878 0.879"),
    ("EUR", 2019, "0.874 0.875 0.880 0.891 0.893 0.897 0.880 0.897 0.905 0.914 0.898 0.908"),
    ("EUR", 2020, "0.894 0.908 0.911 0.905 0.921 0.901 0.890 0.843 0.838 0.852 0.855 0.836"),
    ("CAD", 2019, "1.364 1.324 1.316 1.341 1.346 1.351 1.311 1.316 1.328 1.324 1.308 1.329"),
    ("CAD", 2020, "1.308 1.319 1.331 1.419 1.399 1.377 1.364 1.342 1.309 1.338 1.331 1.299"),
    ("BOB", 2019, "6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860"),
    ("BOB", 2020, "6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860 6.860"),
    ("GYD", 2020, "208.5 208.5 208.5 208.5 208.5 208.5 208.5 208.5 208.5 208.5 208.5 208.5"),
)

# key, name, kind, country
DONORS = (
    ("RF", "Regular Fund of the Organization", "regular_fund", None),
    ("CAN", "Canada", "member_state", "CAN"),
    ("USA", "United States", "member_state", "USA"),
    ("MEX", "Mexico", "member_state", "MEX"),
    ("BOL", "Bolivia", "member_state", "BOL"),
    ("BRA", "Brazil", "member_state", "BRA"),
    ("NLD", "Netherlands", "permanent_observer", "NLD"),
    ("ESP", "Spain", "permanent_observer", "ESP"),
    ("CHE", "Switzerland", "permanent_observer", "CHE"),
    ("KOR", "Republic of Korea", "permanent_observer", "KOR"),
    ("IFD", "Institute for Democracy (invented)", "organisation", None),
)

EXEMPT = "Exempt: a member state's contribution of US$20,000 or less."
STANDARD = "Standard rate of the agreement."
NONE_OF_OWN = "The Regular Fund pays no indirect cost recovery."

# reference, donor, title, currency, mission, pledged, agreed, agreed on, ends on, ICR %, basis
AWARDS = (
    ("RF-2019", "RF", "Programme budget 2019, electoral observation", "USD", None, None, 60000,
     date(2019, 1, 2), date(2019, 12, 31), "0", NONE_OF_OWN),
    ("RF-2020", "RF", "Programme budget 2020, electoral observation", "USD", None, None, 50000,
     date(2020, 1, 2), date(2020, 12, 31), "0", NONE_OF_OWN),
    ("CHE-2018-01", "CHE", "Electoral observation 2018-2020", "USD", None, 180000, 150000,
     date(2018, 9, 3), date(2020, 12, 31), "11", STANDARD),
    ("NLD-2019-01", "NLD", "Electoral observation missions 2019", "EUR", None, 500000, 500000,
     date(2019, 4, 15), date(2020, 12, 31), "11", STANDARD),
    ("ESP-2019-01", "ESP", "Observation of the elections in Bolivia", "EUR", "BOL-2019", 60000, 60000,
     date(2019, 8, 1), date(2019, 12, 31), "11", STANDARD),
    ("CAN-2019-01", "CAN", "Democratic governance, electoral component", "CAD", None, 300000, 300000,
     date(2019, 5, 20), date(2020, 12, 31), "12", STANDARD),
    ("USA-2019-01", "USA", "Electoral observation fund", "USD", None, 250000, 200000,
     date(2019, 3, 11), date(2020, 12, 31), "10.5", STANDARD),
    ("MEX-2019-01", "MEX", "Contribution to the mission to Bolivia", "USD", "BOL-2019", 20000, 20000,
     date(2019, 9, 2), date(2019, 12, 31), "0", EXEMPT),
    ("IFD-2019-01", "IFD", "Study of electoral technology", "USD", "BOL-2019", 45000, 45000,
     date(2019, 7, 15), date(2020, 6, 30), "11", STANDARD),
    ("KOR-2020-01", "KOR", "Observation of the elections in Bolivia 2020", "USD", "BOL-2020", 100000, 100000,
     date(2020, 7, 6), date(2020, 12, 31), "11", STANDARD),
)  # fmt: skip

# award, kind, day, reference, amount in the award's currency
MOVEMENTS = (
    ("CHE-2018-01", "receipt", date(2018, 10, 1), "CHE-R1", 150000),
    ("CHE-2018-01", "interest", date(2019, 6, 30), "CHE-I1", 412),
    ("RF-2019", "receipt", date(2019, 1, 15), "RF-2019-R1", 60000),
    ("RF-2020", "receipt", date(2020, 1, 15), "RF-2020-R1", 50000),
    ("NLD-2019-01", "receipt", date(2019, 5, 6), "NLD-R1", 300000),
    ("NLD-2019-01", "receipt", date(2019, 9, 9), "NLD-R2", 200000),
    ("ESP-2019-01", "receipt", date(2019, 8, 20), "ESP-R1", 60000),
    ("ESP-2019-01", "exchange_loss", date(2019, 12, 20), "ESP-X1", 310),
    ("CAN-2019-01", "receipt", date(2019, 6, 12), "CAN-R1", 300000),
    ("USA-2019-01", "receipt", date(2019, 4, 2), "USA-R1", 200000),
    ("MEX-2019-01", "receipt", date(2019, 9, 12), "MEX-R1", 20000),
    ("IFD-2019-01", "receipt", date(2019, 8, 5), "IFD-R1", 45000),
    ("KOR-2020-01", "receipt", date(2020, 8, 3), "KOR-R1", 100000),
)

# What goes back after the spending: award, kind, day, reference, amount
REFUNDS = (("IFD-2019-01", "refund", date(2020, 6, 25), "IFD-B1", 3000),)

# award, mission, US dollars, day, decision
ALLOCATIONS = (
    ("RF-2019", "BOL-2019", 25000, date(2019, 8, 1), "Decision 2019-11 (invented)"),
    ("CHE-2018-01", "BOL-2019", 90000, date(2019, 8, 1), "Decision 2019-11 (invented)"),
    ("NLD-2019-01", "BOL-2019", 220000, date(2019, 9, 12), "Decision 2019-14 (invented)"),
    ("CAN-2019-01", "BOL-2019", 80000, date(2019, 9, 12), "Decision 2019-14 (invented)"),
    ("USA-2019-01", "BOL-2019", 60000, date(2019, 9, 12), "Decision 2019-14 (invented)"),
    ("NLD-2019-01", "GUY-2020", 110000, date(2020, 1, 20), "Decision 2020-02 (invented)"),
    ("CAN-2019-01", "GUY-2020", 60000, date(2020, 1, 20), "Decision 2020-02 (invented)"),
    ("RF-2020", "GUY-2020", 10000, date(2020, 1, 20), "Decision 2020-02 (invented)"),
    ("NLD-2019-01", "BOL-2020", 90000, date(2020, 8, 17), "Decision 2020-09 (invented)"),
    ("USA-2019-01", "BOL-2020", 50000, date(2020, 8, 17), "Decision 2020-09 (invented)"),
    ("CHE-2018-01", "USA-2020", 40000, date(2020, 9, 28), "Decision 2020-12 (invented)"),
    ("RF-2020", "USA-2020", 15000, date(2020, 9, 28), "Decision 2020-12 (invented)"),
)

# mission, award, US dollars to spend before ICR, first day, last day, local currency, lines
SPENDING = (
    ("BOL-2019", "CHE-2018-01", 74000, date(2019, 8, 12), date(2019, 11, 29), "BOB", 14),
    ("BOL-2019", "NLD-2019-01", 176000, date(2019, 9, 16), date(2019, 12, 12), "BOB", 26),
    ("BOL-2019", "ESP-2019-01", 55000, date(2019, 9, 2), date(2019, 11, 28), "EUR", 10),
    ("BOL-2019", "CAN-2019-01", 63000, date(2019, 9, 18), date(2019, 12, 6), "BOB", 12),
    ("BOL-2019", "USA-2019-01", 48000, date(2019, 9, 18), date(2019, 11, 22), "USD", 9),
    ("BOL-2019", "MEX-2019-01", 18500, date(2019, 9, 20), date(2019, 11, 8), "BOB", 6),
    ("BOL-2019", "RF-2019", 21000, date(2019, 8, 5), date(2019, 12, 16), "USD", 7),
    ("BOL-2019", "IFD-2019-01", 31000, date(2019, 9, 10), date(2019, 12, 3), "USD", 7),
    # Obligations of the mission liquidated in the year after.
    ("BOL-2019", "NLD-2019-01", 9400, date(2020, 1, 14), date(2020, 3, 20), "USD", 4),
    ("GUY-2020", "NLD-2019-01", 88000, date(2020, 2, 3), date(2020, 8, 21), "GYD", 18),
    ("GUY-2020", "CAN-2019-01", 47000, date(2020, 2, 10), date(2020, 7, 10), "GYD", 12),
    ("GUY-2020", "RF-2020", 8200, date(2020, 2, 4), date(2020, 8, 28), "USD", 4),
    ("BOL-2020", "KOR-2020-01", 83000, date(2020, 9, 1), date(2020, 11, 27), "BOB", 16),
    ("BOL-2020", "NLD-2019-01", 66000, date(2020, 9, 7), date(2020, 12, 4), "BOB", 12),
    ("BOL-2020", "USA-2019-01", 40000, date(2020, 9, 14), date(2020, 11, 30), "USD", 8),
    ("USA-2020", "CHE-2018-01", 31000, date(2020, 10, 5), date(2020, 11, 20), "USD", 9),
    ("USA-2020", "RF-2020", 12500, date(2020, 10, 5), date(2020, 12, 4), "USD", 5),
)

# The mission whose lines come as a file, and the award whose final statement was sent.
LOADED, SENT = "USA-2020", "IFD-2019-01"

# object of expenditure, what for, to whom, share of the spending
NEEDS = (
    (4, "Air tickets of observers", "Andes Travel Agency (invented)", Decimal("0.24")),
    (8, "Fees of specialists", "Specialists of the mission", Decimal("0.22")),
    (4, "Daily allowances of observers", "Observers of the mission", Decimal("0.21")),
    (7, "Rent of the mission's office", "Plaza Offices (invented)", Decimal("0.06")),
    (6, "Telephones and printing", "Cordillera Supplies (invented)", Decimal("0.05")),
    (9, "Hire of vehicles with drivers", "Altiplano Rentals (invented)", Decimal("0.14")),
    (2, "Training of observers", "Training team", Decimal("0.04")),
    (5, "Printing of the observers' manual", "Imprenta del Valle (invented)", Decimal("0.04")),
)

# mission, object, what for, US dollars
BUDGET = (
    ("BOL-2019", ((2, 22000), (4, 235000), (5, 20000), (6, 26000), (7, 30000), (8, 115000), (9, 72000))),
    ("GUY-2020", ((2, 6000), (4, 68000), (5, 6000), (6, 8000), (7, 9000), (8, 34000), (9, 20000))),
    ("BOL-2020", ((2, 8000), (4, 90000), (5, 8000), (6, 10000), (7, 12000), (8, 44000), (9, 26000))),
    ("USA-2020", ((2, 2000), (4, 21000), (5, 2000), (6, 2500), (7, 2800), (8, 10000), (9, 6200))),
    ("SUR-2020", ((4, 1000),)),
)

# donor, mission, kind, what, quantity, US dollars, basis, day
IN_KIND = (
    ("BOL", "BOL-2019", "travel", "Vehicles for the mission's coordinators", 4, 9600, "Daily rate of local hire", date(2019, 10, 15)),
    ("ESP", "BOL-2019", "personnel", "Seconded specialist in electoral technology", 1, 14500, "Salary scale of the donor", date(2019, 10, 1)),
    ("BRA", "SUR-2020", "personnel", "Seconded observers", 3, 11700, "Daily allowance and tickets", date(2020, 5, 18)),
    ("KOR", "BOL-2020", "equipment", "Tablets for observers", 30, 6300, "Price of purchase", date(2020, 9, 21)),
)  # fmt: skip
