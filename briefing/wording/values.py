"""One value as words of a language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo

from briefing.facts.model import (
    Classes,
    Count,
    Difference,
    Label,
    Name,
    Names,
    OutOf,
    Period,
    Periods,
    Prose,
    Quantity,
    Ratio,
    Shortage,
    Supplies,
    Supply,
    Term,
    Terms,
    Time,
    Times,
    Value,
    Way,
)
from briefing.wording import numbers
from briefing.wording.grammar import typeset, with_preposition
from briefing.wording.names import clean_line
from briefing.wording.vocabulary import Vocabulary
from optimizer.faults import Language
from optimizer.units import date_time_group

__all__ = ["Writer", "number_of", "slot_type"]

_TIMES = "\u00d7"
#: Letters of a date-time group before its month: day, hour, minute, zone.
_SHORT = 7
_QUANTITIES = {
    "kg": "mass",
    "t": "tonnage",
    "l": "volume",
    "case": "packs",
    "pallet": "packs",
    "piece": "packs",
    "m": "length",
    "km": "length",
    "s": "duration",
    "km/h": "speed",
    "veh/km": "density",
    "exposure": "exposure",
    "MLC": "load_class",
}
_OTHERS: dict[type, str] = {
    Time: "time",
    Times: "times",
    Name: "name",
    Names: "names",
    Prose: "prose",
    Label: "label",
    Count: "count",
    Ratio: "ratio",
    Term: "term",
    Terms: "terms",
    Supply: "supply",
    Supplies: "supplies",
    Difference: "difference",
    Way: "way",
    OutOf: "out_of",
    Shortage: "shortage",
    Classes: "classes",
    Period: "period",
    Periods: "periods",
}


def slot_type(value: Value) -> str:
    """Return the type of slot that a value fits into.

    Parameters
    ----------
    value : Value
        Value of a fact.

    Returns
    -------
    str
        For instance ``"mass"``, ``"time"``, ``"way"``.
    """
    if isinstance(value, Quantity):
        return _QUANTITIES[value.unit]
    return _OTHERS[type(value)]


def number_of(value: Value) -> float | None:
    """Return the number that words agree with, None for a value that has none.

    Parameters
    ----------
    value : Value
        Value of a fact.

    Returns
    -------
    float or None
        Number.
    """
    match value:
        case Count(number=number):
            return number
        case Supply(quantity=quantity):
            return quantity
        case Quantity(amount=amount):
            return amount
        case OutOf(part=part):
            return number_of(part)
        case Names(texts=told) | Terms(keys=told) | Supplies(items=told) | Times(moments=told):
            return len(told)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in one language.

    Parameters
    ----------
    language : {"en", "fr"}
        Language.
    zone : tzinfo
        Zone of date-time groups.
    vocabulary : Vocabulary
        Words for units and terms.
    """

    language: Language
    zone: tzinfo
    vocabulary: Vocabulary

    def write(self, value: Value) -> str:
        """Return a value as it stands in a sentence.

        Parameters
        ----------
        value : Value
            Value of a fact.

        Returns
        -------
        str
            One line of plain text, not escaped for any format.
        """
        match value:
            case Time() | Ratio() | Count() | Quantity() | Difference():
                return self._figure(value)
            case Name() | Prose() | Label():
                return self._given(value)
            case Term(key=key):
                return self._word(key)
            case Names() | Terms() | Supplies() | Times() | Periods():
                return self._list(value)
            case _:
                return self._composite(value)

    def short(self, value: Value) -> str:
        """Return a time without its month and year, for tables and lists: ``150904B``.

        Parameters
        ----------
        value : Value
            Value of a fact.

        Returns
        -------
        str
            Day, hour, minute and zone; any other value as it stands in a sentence.
        """
        match value:
            case Time(at=at):
                return date_time_group(at, self.zone)[:_SHORT]
            case Times(moments=moments):
                return self._all([self.short(Time(moment)) for moment in moments])
            case Period(start=start, end=end):
                return self._between("period", self.short(Time(start)), self.short(Time(end)))
            case Periods(spans=spans):
                return self._all([self.short(span) for span in spans])
            case _:
                return self.write(value)

    def joined(self, value: Value) -> str:
        """Return names as they stand in a sentence: ``1.1, 1.3 and 2.1``.

        Parameters
        ----------
        value : Value
            Value of a fact.

        Returns
        -------
        str
            Names, the last joined by "and"; any other value as ever.
        """
        match value:
            case Names(texts=texts):
                return self._all([clean_line(text) for text in texts])
            case _:
                return self.write(value)

    def _given(self, value: Name | Prose | Label) -> str:
        """Write what a person wrote; a name that is too long is cut, what a person says never."""
        match value:
            case Name(text=text):
                return clean_line(text)
            case Prose(text=text):
                return clean_line(text, longest=None)
            case Label():
                return clean_line(value.fr if self.language == "fr" else value.en)

    def _word(self, key: str) -> str:
        # A code without words, of a later version: the code itself, in no language.
        return self.vocabulary.word(key, self.language) or clean_line(key.rpartition(".")[2])

    def _list(self, value: Names | Terms | Supplies | Times | Periods) -> str:
        match value:
            case Names(texts=texts):
                words = [clean_line(text) for text in texts]
            case Times(moments=moments):
                return self._all([self._figure(Time(moment)) for moment in moments])
            case Periods(spans=spans):
                return self._all([self._composite(span) for span in spans])
            case Terms(keys=keys):
                words = [self._word(key) for key in keys]
            case Supplies(items=items):
                words = [self._supply(item) for item in items]
        return self._parted(words)

    def _all(self, words: list[str]) -> str:
        """Write a list whose every member counts: the last is joined by "and"."""
        if len(words) == 1 or any("," in word for word in words):
            return self._parted(words)
        *first, last = words
        return self._between("all", ", ".join(first), last)

    def _parted(self, words: list[str]) -> str:
        # A comma parts what has none inside.
        if not any("," in word for word in words):
            return ", ".join(words)
        return ("; " if self.language == "en" else typeset(" ; ", "fr")).join(words)

    def _composite(self, value: Way | Supply | OutOf | Shortage | Classes | Period) -> str:
        """Write what belongs together in the order in which it belongs together."""
        match value:
            case Way():
                return self._way(value)
            case Supply():
                return self._supply(value)
            case OutOf(part=part, whole=whole):
                return self._joined("out_of", part, whole)
            case Shortage(allowed=allowed, needed=needed):
                return self._joined("shortage", allowed, needed)
            case Period(start=start, end=end):
                return self._joined("period", Time(start), Time(end))
            case Classes(wheeled=wheeled, tracked=tracked):
                told = {"wheeled": wheeled, "tracked": tracked}
                return ", ".join(
                    f"{self._quantity(Quantity(limit, 'MLC'))} {self._word(f'classes.{kind}')}"
                    for kind, limit in told.items()
                    if limit is not None
                )

    def _joined(self, key: str, first: Value, second: Value) -> str:
        return self._between(key, self.write(first), self.write(second))

    def _between(self, key: str, first: str, second: str) -> str:
        # The pattern stands in the vocabulary: "1 out of 2", "from 1 to 2".
        told = {"1": first, "2": second}
        return re.sub("[12]", lambda found: told[found[0]], self._word(f"composite.{key}"))

    def _figure(self, value: Time | Ratio | Count | Quantity | Difference) -> str:
        match value:
            case Time(at=at):
                return date_time_group(at, self.zone)
            case Ratio(share=share):
                return numbers.percent(share, self.language)
            case Count(number=number):
                return numbers.integer(number, self.language)
            case Quantity():
                return self._quantity(value)
            case Difference():
                return self._difference(value)

    def _difference(self, value: Difference) -> str:
        size = abs(value.amount)
        told = (
            numbers.integer(size, self.language)
            if value.unit is None
            else self._quantity(Quantity(size, value.unit))
        )
        sign = numbers.MINUS if value.amount < 0 else "+" if value.amount > 0 else ""
        return sign + told

    def _quantity(self, value: Quantity) -> str:
        amount, language = value.amount, self.language
        match value.unit:
            case "kg":
                return numbers.mass(amount, language)
            case "m":
                return numbers.distance(amount, language)
            case "s":
                return numbers.duration(amount, language)
            case "MLC":
                return f"MLC{numbers.NO_BREAK}{numbers.exact(amount, language)}"
            case "exposure":
                return numbers.decimal(amount, 1, language)
            case unit:
                word = self.vocabulary.word(f"unit.{unit}", language, amount) or unit
                return f"{numbers.exact(amount, language)}{numbers.NO_BREAK}{word}"

    def _supply(self, value: Supply) -> str:
        """Write ``300 l of diesel``, ``48 cases of biscuits``, ``12 x tent, family``.

        A label with a remark after a comma tells the packing itself: "packed meals, case of 12".
        """
        good = self.write(value.good)
        number = numbers.integer(value.quantity, self.language)
        unit = self.vocabulary.word(f"unit.{value.unit}", self.language, value.quantity)
        if unit is None or ("," in good and value.unit not in {"kg", "l"}):
            return f"{number}{numbers.NO_BREAK}{_TIMES}{numbers.NO_BREAK}{good}"
        amount = f"{number}{numbers.NO_BREAK}{unit}"
        if self.language == "en":
            return f"{amount} of {_lowered(good)}"
        return f"{amount} {with_preposition('de', _lowered(good))}"

    def _way(self, value: Way) -> str:
        origin, destination = clean_line(value.origin), clean_line(value.destination)
        if self.language == "en":
            return f"from {origin} to {destination}"
        return f"{with_preposition('de', origin)} {with_preposition('à', destination)}"

    def with_preposition(self, preposition: str, value: Value) -> str:
        """Return a value with a French preposition before it, see `grammar.with_preposition`.

        Parameters
        ----------
        preposition : {"de", "à"}
            Preposition.
        value : Value
            Value of a fact.

        Returns
        -------
        str
            Plain text.
        """
        return with_preposition(preposition, self.write(value))


def _lowered(label: str) -> str:
    """Lower the first letter of a common noun; an abbreviation stays as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
