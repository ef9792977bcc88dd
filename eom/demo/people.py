"""Ninety-two invented observers of many nationalities. No one here exists."""

from __future__ import annotations

import random
from dataclasses import dataclass

SEED = 2019
OBSERVER_COUNT = 92

# (nationality, how many, languages, given names of women, of men, family names)
GROUPS: tuple[tuple[tuple[str, ...], str, str, str, str], ...] = (
    (("ARG", "CHL", "COL", "CRI", "DOM", "ECU", "SLV", "GTM", "HND", "MEX", "NIC", "PAN", "PRY", "PER", "URY"),
     "es",
     "Alba Beatriz Carla Delfina Elisa Fabiola Gloria Inés Julieta Lorena Maribel Noelia Paola Rosario Silvana Teresa",
     "Alonso Bruno César Damián Emilio Fermín Gonzalo Hernán Ignacio Joaquín Leandro Mauricio Néstor Rodrigo Tomás",
     "Arrieta Barrios Cabrera Del-Valle Escalante Fuentes Garrido Herrera Ibarra Larrañaga Montenegro Noriega "
     "Orellana Pizarro Quiñones Robledo Salvatierra Tejada Urrutia Villagrán Zambrano"),
    (("BRA", "PRT"), "pt",
     "Aline Bianca Débora Flávia Helena Joana Lívia Marina", "Caio Davi Fábio Henrique João Murilo Otávio Thiago",
     "Almeida Brandão Cardoso Duarte Farias Gusmão Lacerda Moura Peixoto Queirós Sampaio Teixeira"),
    (("USA", "CAN", "JAM", "TTO", "GBR", "BLZ"), "en",
     "Abigail Claire Denise Faith Hazel Joan Marlene Nadine Paula Ruth",
     "Alan Curtis Derek Errol Graham Ian Keith Norman Owen Trevor",
     "Ashworth Bennett Clarke Donovan Ellison Forbes Grantham Holloway Irving Kendrick Lockhart Merrick Norwood"),
    (("FRA", "HTI", "CHE"), "fr",
     "Adèle Camille Delphine Élodie Hélène Mireille Noémie", "Alain Bastien Didier Étienne Gilles Luc Rémi",
     "Aubert Bonnefoy Chevalier Delorme Fournel Garnier Lacroix Marchand Perrin Rousselle"),
    (("ESP", "ITA", "NLD", "DEU"), "es",
     "Aitana Elena Greta Ilaria Marta Nerea Saskia Sofie", "Andrea Diego Iker Lars Matteo Pieter Raúl Stefan",
     "Aranda Bakker Conti Echeverría De-Vries Ferraro Kramer Lombardi Navarrete Visser Weber"),
)  # fmt: skip

EXPERTISE = (
    "electoral_organisation", "electoral_technology", "electoral_registers", "political_finance",
    "electoral_justice", "participation_of_women", "indigenous_and_afro_descendant", "media_and_digital",
    "voting_abroad", "electoral_security", "party_system", "quick_count",
)  # fmt: skip


@dataclass(frozen=True)
class InventedPerson:
    """Someone who does not exist. ``role`` is a role in the mission."""

    given_names: str
    family_names: str
    gender: str
    nationalities: tuple[str, ...]
    languages: tuple[str, ...]
    email: str
    role: str
    expertise: tuple[str, ...]


def invented_people(count: int = OBSERVER_COUNT) -> list[InventedPerson]:
    """The same people at every call: chief first, then specialists, coordinators and observers."""
    dice = random.Random(SEED)
    seen: set[tuple[str, str]] = set()
    people: list[InventedPerson] = []
    while len(people) < count:
        person = _invent(dice, len(people))
        if (person.given_names, person.family_names) not in seen:
            seen.add((person.given_names, person.family_names))
            people.append(person)
    return people


def _invent(dice: random.Random, place: int) -> InventedPerson:
    weights = (50, 8, 18, 10, 14)
    nations, language, women, men, families = dice.choices(GROUPS, weights)[0]
    gender = "woman" if dice.random() < 0.51 else "man"
    given = dice.choice((women if gender == "woman" else men).split())
    family = dice.choice(families.split()).replace("-", " ")
    nationalities = [dice.choice(nations)]
    if dice.random() < 0.06:
        nationalities.append("ESP" if nationalities[0] != "ESP" else "ARG")
    role, expertise = _part(place)
    languages = tuple(dict.fromkeys([language, "es"]))
    email = f"observer{place + 1:02d}@demo.example"
    return InventedPerson(given, family, gender, tuple(nationalities), languages, email, role, expertise)


def _part(place: int) -> tuple[str, tuple[str, ...]]:
    if place == 0:
        return "chief", ()
    if place == 1:
        return "deputy_chief", ()
    if place == 2:
        return "general_coordinator", ()
    if place < 15:
        return "specialist", (EXPERTISE[place - 3],)
    if place < 24:
        return "regional_coordinator", ()
    return "observer", ()
