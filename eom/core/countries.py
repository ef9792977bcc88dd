"""Countries: ISO 3166-1 codes, their names in four languages, and the Organization's two lists.

The lists of member states and permanent observers are starting data: the application copies them
where a user can change them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# ISO 3166-1, alpha-3 followed by alpha-2.
_ISO_3166 = """
ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT
AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO
BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG
COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO
DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB
GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY
HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT
JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY
LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH
MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA
NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE
PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA
SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR
SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO
TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG
VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW
"""

_ALPHA2 = {pair[:3]: pair[3:] for pair in _ISO_3166.split()}
_ALPHA3 = {two: three for three, two in _ALPHA2.items()}

# The 35 independent states of the Americas that ratified the Charter, active or not.
_MEMBERS = """
    ATG ARG BHS BRB BLZ BOL BRA CAN CHL COL CRI CUB DMA DOM ECU SLV GRD GTM GUY HTI HND JAM MEX NIC
    PAN PRY PER KNA LCA VCT SUR TTO USA URY VEN
"""
MEMBER_STATES = tuple(_MEMBERS.split())

# States with a permanent observer mission. From general knowledge, to be corrected by the user; the
# European Union is an observer too but no country.
_OBSERVERS = """
    ALB DZA AGO ARM AUT AZE BEL BEN BIH BGR CHN HRV CYP CZE DNK EGY GNQ EST FIN FRA GEO DEU GHA GRC
    VAT HUN ISL IND IRL ISR ITA JPN KAZ KOR LVA LBN LIE LTU LUX MLT MDA MCO MNE MAR NLD NGA MKD NOR
    PAK PHL POL PRT QAT ROU RUS SAU SRB SVK SVN ESP LKA SWE CHE THA TUN TUR UKR GBR UZB VUT YEM
"""
PERMANENT_OBSERVERS = tuple(_OBSERVERS.split())

# Names in registers and press releases that CLDR does not carry.
_OTHER_NAMES = {
    "usa": "USA",
    "us": "USA",
    "eeuu": "USA",
    "ee uu": "USA",
    "united states of america": "USA",
    "estados unidos de america": "USA",
    "estados unidos de norteamerica": "USA",
    "etats unis d amerique": "USA",
    "uk": "GBR",
    "great britain": "GBR",
    "gran bretana": "GBR",
    "inglaterra": "GBR",
    "holland": "NLD",
    "holanda": "NLD",
    "the netherlands": "NLD",
    "paises bajos holanda": "NLD",
    "korea": "KOR",
    "corea": "KOR",
    "coree": "KOR",
    "coreia": "KOR",
    "republic of korea": "KOR",
    "republica de corea": "KOR",
    "czech republic": "CZE",
    "republica checa": "CZE",
    "turkey": "TUR",
    "bolivia plurinational state of": "BOL",
    "estado plurinacional de bolivia": "BOL",
    "venezuela bolivarian republic of": "VEN",
    "republica bolivariana de venezuela": "VEN",
    "dominican rep": "DOM",
    "rep dominicana": "DOM",
    "russian federation": "RUS",
    "federacion de rusia": "RUS",
    "viet nam": "VNM",
    "holy see": "VAT",
    "santa sede": "VAT",
    "saint siege": "VAT",
    "santa se": "VAT",
    "the bahamas": "BHS",
    "commonwealth of the bahamas": "BHS",
    "saint kitts and nevis": "KNA",
    "saint lucia": "LCA",
    "saint vincent and the grenadines": "VCT",
    "antigua and barbuda": "ATG",
    "trinidad and tobago": "TTO",
    "trinidad y tobago": "TTO",
    "moldova republic of": "MDA",
    "macedonia": "MKD",
    "kazajistan": "KAZ",
    "republic of china": "TWN",
    "republica de china": "TWN",
    "ivory coast": "CIV",
}

# "República de Corea del Sur": the form of state in front of a name.
_STATE_FORM = re.compile(r"^(republica|republic|republique)( (de la|del|de|do|da|of the|of|du))? ")


def fold(text: str) -> str:
    """A name without case, accents, punctuation or stray spaces, for comparing."""
    if text.isascii():
        plain = text.casefold()
        if plain.isalnum():
            return plain
    else:
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", plain).strip()


def all_countries() -> list[str]:
    """Every ISO 3166-1 alpha-3 code, in alphabetical order."""
    return sorted(_ALPHA2)


def alpha2(code: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of an alpha-3 code; None when there is no such country."""
    return _ALPHA2.get(code.strip().upper())


def alpha3(text: str) -> str | None:
    """The alpha-3 code of a code or a name in English, Spanish, French or Portuguese.

    Case, accents and punctuation do not matter. None when nothing matches.
    """
    code = text.strip().upper()
    if code in _ALPHA2:
        return code
    if code in _ALPHA3:
        return _ALPHA3[code]
    name = fold(text)
    names = _codes_by_name()
    return names.get(name) or names.get(_STATE_FORM.sub("", name))


@cache
def _codes_by_name() -> dict[str, str]:
    from babel import Locale

    codes: dict[str, str] = {}
    for locale in ("en", "es", "es_419", "fr", "pt", "pt_PT"):
        for two, name in Locale.parse(locale).territories.items():
            if two in _ALPHA3:
                codes.setdefault(fold(name), _ALPHA3[two])
    return codes | _OTHER_NAMES
