"""Every figure in a finished document is the value of a fact: its HTML and its PDF are read back.

The facts are told here once more by a few lines of this file, which share nothing with the writer.
In HTML each value stands in a span that names its fact, and no figure stands outside one. A PDF has
no such spans: the figures of its text are compared, in order, with those of the document's
statements.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pypdf
import pytest

from briefing.documents import DOCUMENTS
from briefing.documents.tree import Block, Document, Heading, PageBreak, Picture, Quoted
from briefing.facts import (
    Classes,
    Count,
    Difference,
    Fact,
    Label,
    Name,
    Names,
    OutOf,
    Period,
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
    facts_of,
)
from briefing.pictures import pictures_of
from briefing.render import typesetting
from briefing.wording import LANGUAGES, Statement, Voice, voice
from briefing.write import write
from optimizer.faults import Language
from optimizer.plan.model import Plan
from tests.briefing.conftest import written

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
EAST, WEST = "ZABCDEFGHIKLM", "ZNOPQRSTUVWXY"
#: What tells times without month and year.
SHORT = {"moment", "crossing.due"}
GAP, THIN = "\u00a0", "\u202f"
#: What is counted in words, of one and of several.
COUNTED = {
    ("case", "en"): ("case", "cases"),
    ("case", "fr"): ("caisse", "caisses"),
    ("pallet", "en"): ("pallet", "pallets"),
    ("pallet", "fr"): ("palette", "palettes"),
    ("piece", "en"): ("piece", "pieces"),
    ("piece", "fr"): ("pièce", "pièces"),
    ("veh/km", "en"): ("vehicles per km", "vehicles per km"),
    ("veh/km", "fr"): ("véhicules par km", "véhicules par km"),
}
AND = {"en": "and", "fr": "et"}
#: Facts that are told by nothing but the number of a noun.
UNSAID = {"options"}

# --- facts, told once more ----------------------------------------------------------------------


def number(amount: float | Decimal, places: int, language: Language) -> str:
    exact = Decimal(str(amount)).quantize(Decimal(10) ** -places, rounding=ROUND_HALF_UP)
    text = f"{exact:,.{places}f}"
    return text if language == "en" else text.replace(",", THIN).replace(".", ",")


def trimmed(amount: float, language: Language) -> str:
    text = number(amount, 2, language)
    return text.rstrip("0").rstrip(".,")


def duration(amount: float, language: Language) -> str:
    if amount < 60 and amount != int(amount):
        return f"{trimmed(round(amount, 1), language)}{GAP}s"
    hours, minutes, seconds = int(amount) // 3600, int(amount) // 60 % 60, int(amount) % 60
    parts = [(hours, "h"), (minutes, "min"), (seconds if amount < 600 else 0, "s")]
    told = [(n, unit) for n, unit in parts if n]
    # What follows a greater unit has two digits, as on a clock.
    figures = [f"{n:02}" if place else str(n) for place, (n, _) in enumerate(told)]
    joined = GAP.join(f"{n}{GAP}{unit}" for n, (_, unit) in zip(figures, told, strict=True))
    return joined or f"0{GAP}min"


def distance(amount: float, language: Language) -> str:
    if amount >= 1000:
        kilometres = Decimal(str(amount)) / 1000
        places = 0 if amount >= 1_000_000 else 1
        return f"{number(kilometres, places, language)}{GAP}km"
    return f"{number(amount, 0, language) if amount >= 10 else trimmed(amount, language)}{GAP}m"


def mass(amount: float, language: Language) -> str:
    little = 0 < amount < 1
    return f"{number(max(amount, 0.1) if little else amount, int(little), language)}{GAP}kg"


def quantity(amount: float, unit: str, language: Language) -> str:
    match unit:
        case "kg":
            return mass(amount, language)
        case "m":
            return distance(amount, language)
        case "s":
            return duration(amount, language)
        case "MLC":
            return f"MLC{GAP}{trimmed(amount, language)}"
        case "exposure":
            return number(amount, 1, language)
        case _:
            one, several = COUNTED.get((unit, language), (unit, unit))
            singular = amount < 2 if language == "fr" else amount == 1
            return f"{trimmed(amount, language)}{GAP}{one if singular else several}"


def share(of_one: float, language: Language) -> str:
    tenths = (Decimal(f"{of_one:.9f}") * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    tenths = min(tenths, Decimal("99.9")) if of_one < 1 else tenths
    tenths = max(tenths, Decimal("0.1")) if of_one > 0 else tenths
    return trimmed(float(tenths), language) + ("%" if language == "en" else f"{THIN}%")


def group(time: Time, zone: ZoneInfo) -> str:
    at = time.at.astimezone(zone)
    offset = at.utcoffset()
    assert offset is not None
    hours = int(offset.total_seconds() // 3600)
    letter = EAST[hours] if hours >= 0 else WEST[-hours]
    return f"{at:%d%H%M}{letter}{MONTHS[at.month - 1]}{at:%y}"


def shortened(text: str) -> str:
    """Date-time groups without month and year, as tables and lists tell them."""
    return re.sub(r"(\d{6}[A-Z])[A-Z]{3}\d{2}", r"\1", text)


def set_as_ours(text: str) -> str:
    """What a person wrote with our apostrophes: those between two letters are curly."""
    return re.sub(r"(?<=[a-zA-ZÀ-ÿ])'(?=[a-zA-ZÀ-ÿ])", "\u2019", " ".join(text.split()))


def tidy(text: str) -> str:
    """A name as it stands on a line: one space between words, at most 120 characters."""
    line = set_as_ours(text)
    return line if len(line) <= 120 else line[:119].rstrip() + "…"


def listed(words: list[str]) -> str:
    """Several words in a row: parted by commas where none has a comma of its own."""
    return ("; " if any("," in word for word in words) else ", ").join(words)


@dataclass(frozen=True)
class Teller:
    """Tells values as they have to read in a language and a zone."""

    language: Language
    zone: ZoneInfo

    @functools.singledispatchmethod
    def told(self, value: Value) -> str | None:
        """A value as it has to read; None for a coded one, which has words but no figures."""
        assert isinstance(value, Term | Terms), value
        return None

    @told.register
    def _(self, value: Time) -> str:
        return group(value, self.zone)

    @told.register
    def _(self, value: Quantity) -> str:
        return quantity(value.amount, value.unit, self.language)

    @told.register
    def _(self, value: Difference) -> str:
        size, unit = abs(value.amount), value.unit
        sign = "\u2212" if value.amount < 0 else "+" if value.amount > 0 else ""
        counted = number(size, 0, self.language)
        return sign + (counted if unit is None else quantity(size, unit, self.language))

    @told.register
    def _(self, value: Ratio) -> str:
        return share(value.share, self.language)

    @told.register
    def _(self, value: Count) -> str:
        return number(value.number, 0, self.language)

    @told.register
    def _(self, value: Supply) -> str:
        measure = f"{GAP}{value.unit}" if value.unit in {"kg", "l"} else ""
        return f"{number(value.quantity, 0, self.language)}{measure} {self.told(value.good)}"

    @told.register
    def _(self, value: Supplies) -> str:
        return listed([str(self.told(item)) for item in value.items])

    @told.register
    def _(self, value: Name) -> str:
        return tidy(value.text)

    @told.register
    def _(self, value: Names) -> str:
        return listed([tidy(text) for text in value.texts])

    @told.register
    def _(self, value: Prose) -> str:
        return set_as_ours(value.text)

    @told.register
    def _(self, value: Label) -> str:
        return tidy(value.fr if self.language == "fr" else value.en)

    @told.register
    def _(self, value: Times) -> str:
        return listed([group(Time(moment), self.zone) for moment in value.moments])

    @told.register
    def _(self, value: OutOf) -> str:
        return f"{self.told(value.part)} {self.told(value.whole)}"

    @told.register
    def _(self, value: Shortage) -> str:
        return f"{self.told(value.allowed)} {self.told(value.needed)}"

    @told.register
    def _(self, value: Period) -> str:
        return f"{self.told(Time(value.start))} {self.told(Time(value.end))}"

    @told.register
    def _(self, value: Classes) -> str:
        stated = [limit for limit in (value.wheeled, value.tracked) if limit is not None]
        return " ".join(str(self.told(Quantity(limit, "MLC"))) for limit in stated)

    @told.register
    def _(self, value: Way) -> str:
        return f"{tidy(value.origin)} {tidy(value.destination)}"


def teller(plan: Plan, language: Language) -> Teller:
    return Teller(language, ZoneInfo(plan.scenario.display_zone))


#: A date-time group, whole or without month and year, a load class, or a number with its sign and
#: its unit.
FIGURE = re.compile(
    rf"\d{{6}}[A-Z](?:[A-Z]{{3}}\d{{2}})?|MLC{GAP}\d+(?:[.,]\d+)?"
    rf"|[+\u2212]?\d+(?:[,{THIN}]\d{{3}})*(?:[.,]\d+)?"
    rf"(?:{THIN}?%|{GAP}(?:kg|km/h|km|min|m|h|s|t|l|vehicles per km|véhicules par km)\b)?"
)


def figures(text: str) -> list[str]:
    return FIGURE.findall(text)


# --- HTML, read back ----------------------------------------------------------------------------


@dataclass
class Read(HTMLParser):
    """What a finished HTML file says: its facts, and what stands outside of them."""

    facts: list[tuple[str, str]] = field(default_factory=list)
    said: list[tuple[str, list[str], list[str]]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    stack: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    VOID = frozenset({"meta", "hr", "wbr", "link", "br", "img"})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag in self.VOID:
            return
        self.stack.append((tag, given))
        if given.get("class") == "fact":
            self.facts.append((given["data-fact"], ""))
            if self.said:
                self.said[-1][2].append(given["data-fact"])
            if self.rows and self.inside("td"):
                self.rows[-1].append(given["data-fact"])
        elif given.get("class") == "say":
            self.said.append((given["data-claim"], given["data-facts"].split(), []))
        elif tag == "tr":
            self.rows.append([])
        if "aria-label" in given:
            self.titles.append(given["aria-label"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.stack.pop()[0] == tag

    def inside(self, tag: str = "", kind: str = "") -> bool:
        return any(
            tag in {"", name} and (not kind or kind in given.get("class", "").split())
            for name, given in self.stack
        )

    def handle_data(self, data: str) -> None:
        if self.inside(kind="fact"):
            name, before = self.facts[-1]
            self.facts[-1] = (name, before + data)
        elif self.inside(kind="number"):
            self.numbers.append(data)
        elif self.inside("title"):
            self.titles.append(data)
        elif not self.inside("style") and not self.inside(kind="furniture"):
            self.outside.append(data)


def faults_in_html(html: str, plan: Plan, language: Language, known: dict[str, Fact]) -> list[str]:
    """Everything in a finished HTML file that no fact bears out."""
    read = Read()
    read.feed(html)
    read.close()
    tell = teller(plan, language)
    faults = [f"outside of any fact: {text!r}" for text in read.outside if re.search(r"\d", text)]
    for name, text in read.facts:
        if name not in known:
            faults.append(f"no fact has the id {name}")
        elif not _fits(text, known[name].value, tell):
            faults.append(f"{name} reads {text!r}")
    for claim, stated, inside in read.said:
        if stated != list(dict.fromkeys(inside)):
            faults.append(f"{claim} names the facts {stated} and shows {inside}")
    faults += [f"a row mixes {' and '.join(mixed)}" for row in read.rows if (mixed := _mixed(row))]
    seen = "".join(text for _, text in read.facts) + "".join(read.outside)
    faults += [
        f"a title says {text!r}"
        for title in read.titles
        for text in figures(title)
        if text not in seen
    ]
    return faults


def _fits(  # noqa: PLR0911 - one for each kind of value
    text: str, value: Value, tell: Teller
) -> bool:
    wanted = tell.told(value)
    if wanted is None:
        return not re.search(r"\d", text)
    plain = " ".join(text.replace(f"{THIN};", ";").split(" "))
    match value:
        case Supply():
            amount, _, good = wanted.partition(" ")
            # Between the two may stand a unit in words, "of", a sign of multiplication.
            ends = plain.casefold().endswith(good.casefold())
            return ends and plain.startswith((f"{amount}{GAP}", f"{amount} "))
        case Supplies() | Way() | OutOf() | Shortage() | Period() | Classes():
            return figures(plain) == figures(wanted)
        case Name() if tell.language == "fr":
            # A preposition may be drawn together with the article of a place.
            bare = re.escape(re.sub("^(Le|Les) ", "", wanted))
            drawn = rf"(d\u2019|de |du |des |à |au |aux ){bare}"
            return plain == wanted or bool(re.fullmatch(drawn, plain))
        case Prose():
            return plain in wanted
        case Time():
            return plain in {wanted, shortened(wanted)}
        case Times() | Names():
            # In a sentence the last of several is joined by "and".
            heads, comma, last = wanted.rpartition(", ")
            spoken = f"{heads} {AND[tell.language]} {last}" if comma else wanted
            return plain in {wanted, shortened(wanted), spoken, shortened(spoken)}
        case _:
            return plain == wanted


def _mixed(row: list[str]) -> list[str]:
    """What a row is about, and a subject in it that is neither a part nor the whole of that."""
    subjects = [name.partition("#")[0].partition(":")[2] for name in row]
    for other in subjects[1:]:
        shorter, longer = sorted((subjects[0], other), key=len)
        if shorter != longer and not longer.startswith(f"{shorter}/"):
            return [subjects[0], other]
    return []


# --- PDF, read back -----------------------------------------------------------------------------


def in_order(document: Document) -> list[Block]:
    """The blocks of a document as a PDF has them: the strip map of a card tells the rest of it."""
    ordered: list[Block] = []
    for card in _cards(document.blocks):
        strips = [n for n, b in enumerate(card) if isinstance(b, Picture) and b.tells_the_rest]
        ordered += card[: strips[0] + 1] if strips else card
    return ordered


def _cards(blocks: Iterable[Block]) -> list[list[Block]]:
    cards: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, PageBreak):
            cards.append([])
        else:
            cards[-1].append(block)
    return cards


def statements(document: Document, plan: Plan, language: Language) -> Iterator[list[str]]:
    """The figures of each statement of a document in reading order, as they have to read."""
    tell = teller(plan, language)

    def of(facts: Iterable[Fact], claim: str = "") -> list[str]:
        shown = [fact for fact in facts if fact.id.partition("#")[2] not in UNSAID]
        told = [tell.told(fact.value) or "" for fact in shown]
        if claim in SHORT:
            told = [shortened(text) for text in told]
        return [f for text in told for f in figures(text)]

    numbers = numbered(document)
    for block in in_order(document):
        if isinstance(block, Heading) and block.level > 1:
            yield figures(next(numbers)[0])
        match block:
            case Quoted(fact=fact):
                yield of((fact,))
            case Picture():
                pass  # stands where there is room, see `without_pictures`
            case _:
                for statement in block.statements():
                    yield of(statement.facts.values(), statement.claim)


def numbered(document: Document) -> Iterator[tuple[str, Heading]]:
    """The headings of a document below its title, each after its number."""
    count: list[int] = []
    for block in in_order(document):
        if isinstance(block, Heading) and block.level == 1:
            count = []
        elif isinstance(block, Heading):
            depth = block.level - 1
            count = [*count[:depth], *[0] * (depth - len(count))]
            count[-1] += 1
            yield ".".join(map(str, count)), block


def without_heads(pages: list[str], document: Document, spoken: Voice) -> list[str]:
    """Pages without the line at the head of those that begin within the march of a convoy.

    It has to name the convoy, and the trip, that the page before ended in.
    """
    titles = [
        (block.level, f"{number}. {spoken.say(block.title).text}")
        for number, block in numbered(document)
    ]
    left, within, found = titles, list[tuple[int, str]](), []
    for page in pages:
        text = page
        if any(level > 2 for level, _ in within):
            head, _, rest = page.partition("\n")
            ahead = next((one for one in left if _starts(rest, one[1])), None)
            still = [one for one in within if ahead is None or one[0] < ahead[0]]
            names = [title for level, title in still if level > 2]
            trips = [title.partition(" ")[2] for title in names[1:]]
            if names and not any(_starts(page, one[1]) for one in left):
                said = " \u00b7 ".join([names[0], *trips])
                assert _letters(head) == _letters(said), (head, said)
                text = rest
        found.append(text)
        while left and _letters(left[0][1]) in _letters(text):
            within = [one for one in within if one[0] < left[0][0]] + left[:1]
            left = left[1:]
    return found


def _starts(text: str, title: str) -> bool:
    return _letters(text).startswith(_letters(title))


def without_pictures(text: str, document: Document, plan: Plan, language: Language) -> str:
    """Take out of the text of a PDF, once each, what its pictures say, letter by letter.

    That all they say is true is for the test of HTML, which holds the same drawings.
    """
    table = facts_of(plan)
    spoken = voice(language, plan.scenario.display_zone)
    drawn = pictures_of(plan, table, spoken, None)
    tell = teller(plan, language)
    for card in _cards(document.blocks):
        title = next((b for b in card if isinstance(b, Heading)), None)
        for block in card:
            if not isinstance(block, Picture) or not (svg := drawn.svg(block)):
                continue
            said = "".join(ET.fromstring(svg).itertext())  # noqa: S314 - drawn by this program
            caption = spoken.say(block.caption).text
            if block.kind == "strip" and title is not None:
                # On the back of a card its title stands once more.
                continued = spoken.say(Statement("card.continued")).text
                back = f"{continued} \u2192{spoken.say(title.title).text}"
                text = _cut(text, back) if _letters(back) in _letters(text) else text
                caption = ""
            text = _cut(text, said + caption)
            if not caption:
                continue
            assert figures(caption) == [
                f
                for fact in block.caption.facts.values()
                for f in figures(tell.told(fact.value) or "")
            ]
    return text


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def _cut(text: str, said: str) -> str:
    """Cut words out of a text, whatever the spaces between their letters."""
    places = [n for n, char in enumerate(text) if not char.isspace()]
    letters = "".join(text[n] for n in places)
    wanted = _letters(said)
    start = letters.find(wanted)
    assert start >= 0, f"a picture says {said!r}, which is not in the PDF"
    return text[: places[start]] + "\n" + text[places[start + len(wanted) - 1] + 1 :]


def body(pdf: bytes, document: Document, plan: Plan, language: Language) -> str:
    """The text of a PDF without the top and the foot of its pages, which are checked here."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    told_by = teller(plan, language).told
    marking = told_by(document.marking.value) if document.marking else ""
    draft = "" if document.released else {"en": "DRAFT", "fr": "PROJET"}[language]
    running = [f for one in document.running for f in one.facts.values()]
    pages = []
    for count, page in enumerate(reader.pages, start=1):
        text = page.extract_text().replace(" \n", " ").strip()
        top = "\n".join(part for part in (draft, marking) if part)
        assert text.startswith(top), (count, text[:200], top)
        foot = f"{count}/{len(reader.pages)}" + (f"\n{marking}" if marking else "")
        assert text.endswith(foot), (count, text[-200:], foot)
        text, _, last = text[len(top) : -len(foot)].strip().rpartition("\n")
        wanted = sorted(f for one in running for f in figures(told_by(one.value) or ""))
        assert sorted(figures(last)) == wanted, (last, wanted)
        pages.append(text)
    if document.kind == "movement-order":
        spoken = voice(language, plan.scenario.display_zone)
        pages = without_heads(pages, document, spoken)
    return "\n".join(pages)


def faults_in_pdf(pdf: bytes, document: Document, plan: Plan, language: Language) -> list[str]:
    """The first figure of a PDF that is not the one that the document states there."""
    text = without_pictures(body(pdf, document, plan, language), document, plan, language)
    for fact in facts_of(plan):
        # A digest is broken where a line ends.
        if isinstance(fact.value, Name) and len(fact.value.text) >= 40:
            digest = fact.value.text
            text = re.sub(r"\s?".join(map(re.escape, digest)), digest, text)
    found = figures(text)
    at = 0
    for wanted in statements(document, plan, language):
        there = found[at : at + len(wanted)]
        if sorted(there) != sorted(wanted):
            return [
                f"figure {at}: {there} stands where {wanted} should, after {found[at - 8 : at]}"
            ]
        at += len(wanted)
    return [f"figures of nothing: {found[at : at + 20]}"] if found[at:] else []


# --- the tests ----------------------------------------------------------------------------------


@pytest.fixture(params=["everything", "shortfall", "large"])
def any_plan(request: pytest.FixtureRequest) -> Plan:
    """Small plans, and one of many pages."""
    found: Plan = request.getfixturevalue(request.param)
    return found


def known_facts(
    plan: Plan, kind: str, language: Language, before: Plan | None = None
) -> dict[str, Fact]:
    """The facts of a plan, and those that only its pictures tell."""
    table = facts_of(plan, before=before)
    drawn = pictures_of(plan, table, voice(language, plan.scenario.display_zone), None)
    for block in DOCUMENTS[kind](table).blocks:
        if isinstance(block, Picture):
            drawn.svg(block)
    return {fact.id: fact for fact in (*table, *drawn.facts)}


def document_of(plan: Plan, kind: str) -> Document:
    return DOCUMENTS[kind](facts_of(plan))


def html_of(plan: Plan, kind: str, language: Language) -> str:
    return written(plan, kind, language, "html").decode("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_figure_of_a_finished_html_file_is_a_fact(
    any_plan: Plan, kind: str, language: Language
) -> None:
    html = html_of(any_plan, kind, language)
    assert faults_in_html(html, any_plan, language, known_facts(any_plan, kind, language)) == []
    # Enough is said for this to mean something.
    read = Read()
    read.feed(html)
    assert len([text for _, text in read.facts if re.search(r"\d", text)]) > 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_figure_of_a_finished_pdf_is_a_fact(
    plan: Plan, kind: str, language: Language
) -> None:
    pdf, document = written(plan, kind, language, "pdf"), document_of(plan, kind)
    assert faults_in_pdf(pdf, document, plan, language) == []
    assert sum(len(there) for there in statements(document, plan, language)) > 20


@pytest.mark.parametrize(("name", "language"), [("shortfall", "fr"), ("large", "en")])
def test_every_figure_of_a_compared_note_is_a_fact(
    name: str, language: Language, request: pytest.FixtureRequest
) -> None:
    # Compared with its first convoy alone: of the large plan, the demands that turn fill an annex.
    plan: Plan = request.getfixturevalue(name)
    kind = "decision-note"
    before = plan.model_copy(update={"id": "P-before", "routes": plan.routes[:1]})
    html, pdf = (
        write(plan, document=kind, language=language, form=form, before=before).content
        for form in ("html", "pdf")
    )
    known = known_facts(plan, kind, language, before)
    assert faults_in_html(html.decode("utf-8"), plan, language, known) == []
    document = DOCUMENTS[kind](facts_of(plan, before=before))
    assert faults_in_pdf(pdf, document, plan, language) == []
    told = [fact.id for one in document.statements() for fact in one.facts.values()]
    assert len([name for name in told if name.startswith("figure:")]) > 20


# What size adds, broken tables and many pages, is the same in both languages.
@pytest.mark.parametrize(
    ("kind", "language"),
    [("movement-order", "en"), ("convoy-card", "fr"), ("decision-note", "en")],
)
def test_every_figure_of_a_pdf_of_many_pages_is_a_fact(
    large: Plan, kind: str, language: Language
) -> None:
    pdf, document = written(large, kind, language, "pdf"), document_of(large, kind)
    assert faults_in_pdf(pdf, document, large, language) == []


def _span(html: str, name: str) -> re.Match[str]:
    found = re.search(rf'<span class="fact" data-fact="{re.escape(name)}">(.*?)</span>', html)
    assert found, name
    return found


def _digit_changed(html: str) -> str:
    span = _span(html, "convoy:ROUGE#distance")
    return html[: span.start(1)] + span[1].replace("8", "9", 1) + html[span.end(1) :]


def _unit_swapped(html: str) -> str:
    span = _span(html, "convoy:ROUGE#carried")
    return html[: span.start(1)] + span[1].replace("kg", "l") + html[span.end(1) :]


def _exchanged(html: str) -> str:
    """Exchange what two convoys carry, each still under the name of its own fact."""
    one, other = _span(html, "convoy:ROUGE#carried"), _span(html, "convoy:C-DEPOT-truck-04#carried")
    return (
        html[: one.start(1)]
        + other[1]
        + html[one.end(1) : other.start(1)]
        + one[1]
        + html[other.end(1) :]
    )


def _rows_crossed(html: str) -> str:
    """Exchange the same two values together with their names: each is true, in the wrong row."""
    rouge, four = "convoy:ROUGE#carried", "convoy:C-DEPOT-truck-04#carried"
    one, other = (
        re.search(rf'<td class="figure"><span class="say"[^>]*"{name}"[^>]*>.*?</td>', html)
        for name in (rouge, four)
    )
    assert one
    assert other
    between, after = html[one.end() : other.start()], html[other.end() :]
    return html[: one.start()] + other[0] + between + one[0] + after


def _out_of_nothing(html: str) -> str:
    return html.replace("</main>", "<p>In all 12 t.</p></main>")


def _name_exchanged(html: str) -> str:
    span = _span(html, "convoy:ROUGE#tightest_site")
    return html[: span.start(1)] + "Alpha" + html[span.end(1) :]


@pytest.mark.parametrize(
    "planted",
    [
        _digit_changed,
        _unit_swapped,
        _exchanged,
        _rows_crossed,
        _out_of_nothing,
        _name_exchanged,
    ],
)
def test_an_error_planted_in_html_is_found(shortfall: Plan, planted: Callable[[str], str]) -> None:
    html = html_of(shortfall, "movement-order", "en")
    known = known_facts(shortfall, "movement-order", "en")
    assert faults_in_html(html, shortfall, "en", known) == []
    wrong = planted(html)
    assert wrong != html
    assert faults_in_html(wrong, shortfall, "en", known)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param(f"21,168{GAP}kg", f"21,169{GAP}kg", id="digit changed"),
        pytest.param(f"21,168{GAP}kg", f"21,168{GAP}l", id="unit swapped"),
        pytest.param(f"1{GAP}h{GAP}34{GAP}min", f"1{GAP}h{GAP}34{GAP}s", id="minutes as seconds"),
        pytest.param("150245ZJUN26", "150245AJUN26", id="zone changed"),
        pytest.param("6.1.", "6.3.", id="heading miscounted"),
        pytest.param("No movement", "No 3 movement", id="nothing to change"),
    ],
)
def test_an_error_planted_in_a_pdf_is_found(
    shortfall: Plan, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    faults = _pdf_with(shortfall, monkeypatch, lambda data: data.replace(right, wrong))
    assert bool(faults) == (right != "No movement")


def test_values_exchanged_between_two_convoys_of_a_pdf_are_found(
    shortfall: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = f"21,168{GAP}kg", f"6,000{GAP}kg"

    def exchange(data: str) -> str:
        # Where the overview of convoys stands, not in the tables before it.
        start = data.index('"C-DEPOT-truck-04", "1"') - 200
        part = data[start : start + 400]
        assert one in part
        assert other in part
        crossed = part.replace(one, "X").replace(other, one).replace("X", other)
        return data[:start] + crossed + data[start + 400 :]

    assert _pdf_with(shortfall, monkeypatch, exchange)


def _pdf_with(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, planted: Callable[[str], str]
) -> list[str]:
    """Plant an error in what typst is given, and return what the test of PDFs says of it."""
    true = typesetting.typeset_pdf
    monkeypatch.setattr(
        "briefing.render.pdf.typeset_pdf", lambda data, made: true(planted(data), made)
    )
    document = document_of(plan, "movement-order")
    pdf = write(plan, document="movement-order", language="en", form="pdf").content
    return faults_in_pdf(pdf, document, plan, "en")
