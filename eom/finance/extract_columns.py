"""Which column of an extract holds what: guessed from its headings, chosen by a person, kept for the next file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from eom.core.countries import fold
from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.finance.extract_days import ORDERS

FIELDS: dict[str, Any] = {
    "award": lazy("Award"),
    "mission": lazy("Mission"),
    "object": lazy("Object of expenditure"),
    "date": lazy("Date of the expenditure"),
    "voucher": lazy("Voucher"),
    "payee": lazy("Payee"),
    "amount": lazy("Amount, or debit"),
    "credit": lazy("Credit, where it has a column of its own"),
    "currency": lazy("Currency"),
    "description": lazy("Description"),
    "reference": lazy("Reference of the line in the source"),
    "reverses": lazy("Reference of the line that a credit takes back"),
    "budget": lazy("Budget line"),
}
NEEDED = ("award", "object", "date", "voucher", "payee", "amount")
# What may be the same for every line of a file that has no column for it.
FIXED = ("award", "mission", "currency")
HEADINGS = {
    "mission": "mission,mission code,mision,codigo mision,missao,codigo da missao,code mission,project,"
    "project number,proyecto,projet,projeto",
    "award": "award,award reference,award number,grant,aporte,acuerdo,referencia del aporte,accord,financement,"
    "acordo,referencia do acordo,convenio,subvencion,subvention,subvencao",
    "object": "object,object of expenditure,objeto,objeto del gasto,objeto de gasto,objet,objet de depense,"
    "objeto de despesa,object code,expenditure object",
    "date": "date,incurred on,expenditure date,fecha,fecha del gasto,date de la depense,data,data da despesa,"
    "gl date,accounting date,transaction date,posting date,fecha contable,date comptable,data contabil",
    "voucher": "voucher,voucher number,comprobante,numero de comprobante,piece,piece justificative,comprovante,"
    "invoice number,document number,numero de documento,numero de piece",
    "payee": "payee,paid to,vendor,vendor name,supplier,supplier name,beneficiario,pagado a,proveedor,beneficiaire,"
    "fournisseur,fornecedor,favorecido",
    "amount": "amount,monto,importe,valor,montant,entered amount,debit,debito,debe,transaction amount",
    "credit": "credit,credito,haber,avoir",
    "currency": "currency,currency code,moneda,monnaie,devise,moeda,divisa",
    "description": "description,descripcion,detalle,concepto,libelle,descricao,line description,glosa",
    "reference": "reference,source reference,line,transaction,transaction id,transaction number,journal line,"
    "referencia,id,transaccion,transacao,ligne",
    "reverses": "reverses,reversal of,reversed reference,credit for,anula,reversa,anule,extourne,estorna,anula a",
    "budget": "budget line,budget code,linea presupuestaria,linea de presupuesto,partida presupuestaria,ligne budgetaire,"
    "ligne de budget,linha orcamentaria,linha do orcamento,rubrica orcamentaria",
}
_NAMES = {fold(name): each for each, names in HEADINGS.items() for name in names.split(",")}


@dataclass(frozen=True)
class Choice:
    """How a file is read: heading by field, what is the same for all lines, its formats once confirmed, its sheet."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str | None = None
    date_order: str | None = None
    sheet: str | None = None
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The choice as JSON types."""
        return asdict(self)

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Choice:
        """The choice that ``as_dict`` wrote."""
        return cls(**{name: given.get(name) or default for name, default in _DEFAULTS.items()})


_DEFAULTS: dict[str, Any] = {"columns": {}, "fixed": {}, "decimal_mark": None, "date_order": None, "codes": {},
                             "sheet": None}  # fmt: skip


def is_known(cell: str) -> bool:
    """Whether a cell is a heading of an extract in one of the four languages."""
    return fold(cell) in _NAMES


def guess(headers: Sequence[str]) -> dict[str, str]:
    """The likeliest heading by field; fields that no heading fits are left out."""
    found: dict[str, str] = {}
    for header in headers:
        name = _NAMES.get(fold(header))
        if name is not None:
            found.setdefault(name, header)
    return found


def missing(choice: Choice) -> list[str]:
    """The fields that a file must hold and that nothing was chosen for."""
    has_amount = {"amount", "credit"} & set(choice.columns)
    chosen = {*choice.columns, *choice.fixed, *(["amount"] if has_amount else [])}
    return [each for each in NEEDED if each not in chosen]


def check(choice: Choice, headers: Sequence[str]) -> None:
    """Raise InvalidInput, naming the field, when a file with these headings cannot be read so."""
    for name, header in choice.columns.items():
        if name not in FIELDS:
            raise InvalidInput(lazy("There is no field “%(name)s”.", name=name[:60]))
        if header not in headers:
            raise InvalidInput(lazy("The file has no column “%(name)s”.", name=header), name)
        if list(choice.columns.values()).count(header) > 1:
            raise InvalidInput(lazy("The column “%(name)s” is chosen more than once.", name=header), name)
    for name in missing(choice):
        words = lazy("Choose the column of it.")
        if name in FIXED:
            words = lazy("Choose the column of it, or say what is the same for all lines.")
        raise InvalidInput(words, name)
    if choice.date_order not in (None, *ORDERS) or choice.decimal_mark not in (None, ".", ","):
        raise InvalidInput(lazy("The formats of numbers and dates are chosen from the list."))


def heads_of(headers: Sequence[str]) -> str:
    """What files with the same headings have in common: a digest, whatever their order, case and accents."""
    return hashlib.sha256("\n".join(sorted(fold(header) for header in headers)).encode()).hexdigest()


def fitted(choice: Choice, headers: Sequence[str]) -> Choice:
    """A kept choice with the headings as another file of the same headings writes them."""
    written = {fold(header): header for header in headers}
    columns = {name: written.get(fold(header), header) for name, header in choice.columns.items()}
    return replace(choice, columns=columns, sheet=None)
