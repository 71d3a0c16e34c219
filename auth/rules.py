"""The coverage rules as data: what a Solution of some category opens, by market and portal option.

Three tables are shipped with the project and edited as data (coverage.md "Vocabulary", domain.md 2.2):
``coverage_matrix.csv`` (feature by Solution category), ``portal_options.csv`` (feature by portal option)
and ``markets.csv`` (feature by market).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from types import MappingProxyType
from typing import Final

import msgspec

from auth.feature import Feature

CATEGORIES: Final = (
    "BUSINESS_VPN",
    "BVPN_GALERIE",
    "INTERNET_ACCESS",
    "SDWAN",
    "ETHERNET",
    "BUSINESS_TALK",
    "CONTACT_CENTER",
    "MOBILE",
    "IOT_CONNECTIVITY",
    "CLOUD_IAAS",
    "SECURITY",
    "LAN_WIFI_MGMT",
    "MAIL_IP_MESSAGING",
    "COLLAB_UC",
)
"""The Solution categories (domain.md 2.1)."""

MARKETS: Final = ("INTL", "FR")
"""The markets in which Solutions are sold."""

PORTAL_OPTIONS: Final = ("LITE", "STANDARD", "PREMIUM")
"""The portal options, each bigger than the one before."""

_MATRIX: Final = "coverage_matrix.csv"
_OPTIONS: Final = "portal_options.csv"
_MARKETS: Final = "markets.csv"


class Level(Enum):
    """How far a feature is open."""

    NONE = "NONE"
    """Not at all."""
    READ = "READ"
    """Fields, no mutations."""
    FULL = "FULL"
    """Fields and mutations."""
    OPTION = "OPTION"
    """FULL once the optional module is ordered, NONE before."""
    PAID = "PAID"
    """FULL once the paid line is ordered, NONE before."""


class CoverageRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a Solution of *category*, ordered in *market*, opens of *feature* under *portal_option*."""

    feature: Feature
    category: str
    market: str
    portal_option: str
    level: Level


class CoverageRulesError(Exception):
    """A table of coverage rules is wrong; none of it is taken."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        """Name the *file*, its *line* (from 1; the last one where something is missing) and the *reason*."""
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class CoverageRules:
    """Every coverage rule; what no rule names is ``NONE``."""

    __slots__ = ("_levels",)

    def __init__(self, rules: Iterable[CoverageRule]) -> None:
        """Take the rules as they are now; of two for the same place, ``ValueError``."""
        levels: dict[tuple[Feature, str, str, str], Level] = {}
        for rule in rules:
            place = (rule.feature, rule.category, rule.market, rule.portal_option)
            if place in levels:
                raise ValueError(f"two coverage rules for {rule.feature.value}, {', '.join(place[1:])}")
            levels[place] = rule.level
        self._levels: Final[Mapping[tuple[Feature, str, str, str], Level]] = MappingProxyType(levels)

    def level(self, feature: Feature, category: str, market: str, portal_option: str) -> Level:
        """Give how far a Solution of *category* opens *feature*; ``NONE`` for anything unknown."""
        return self._levels.get((feature, category, market, portal_option), Level.NONE)


class _Cell(msgspec.Struct, frozen=True):
    """One cell of a table, and the line it stands on."""

    level: Level
    line: int


_Table = Mapping[tuple[Feature, str], _Cell]


def load_rules(folder: Traversable | None = None) -> CoverageRules:
    """Give the rules of the tables in *folder*, by default of those shipped with the project.

    The level of a rule is that of the matrix's cell, capped by the lower of the cells of the portal option
    and of the market, where NONE < READ < FULL: a cap of NONE closes, of READ lowers FULL to READ, of FULL
    changes nothing (OPTION and PAID stay as they are). READ over OPTION or PAID is refused: no level says
    "READ once ordered", and READ alone would open what nobody ordered.

    Raises ``CoverageRulesError`` on an unknown feature, column or level, on a cell or row that is missing
    or there twice, and on text that is not UTF-8.
    """
    source = files("auth") if folder is None else folder
    matrix = _read_table(source, _MATRIX, CATEGORIES, _MATRIX_LEVELS)
    options = _read_table(source, _OPTIONS, PORTAL_OPTIONS, _CAPS)
    markets = _read_table(source, _MARKETS, MARKETS, _YES_OR_NO)
    return CoverageRules(_combined(matrix, options, markets))


_YES_OR_NO: Final = MappingProxyType({"Y": Level.FULL, "N": Level.NONE})
_CAPS: Final = MappingProxyType({**_YES_OR_NO, "P": Level.READ})
_MATRIX_LEVELS: Final = MappingProxyType({**_CAPS, "OPT": Level.OPTION, "PAID": Level.PAID})
_ON_ORDER: Final = frozenset({Level.OPTION, Level.PAID})


def _combined(matrix: _Table, options: _Table, markets: _Table) -> Iterator[CoverageRule]:
    for (feature, category), cell in matrix.items():
        for portal_option in PORTAL_OPTIONS:
            option = options[feature, portal_option]
            if option.level is Level.READ and cell.level in _ON_ORDER:
                reason = f"{feature.value} is on order for {category}: {portal_option} must be Y or N, not P"
                raise CoverageRulesError(_OPTIONS, option.line, reason)
            for market in MARKETS:
                yield CoverageRule(
                    feature=feature,
                    category=category,
                    market=market,
                    portal_option=portal_option,
                    level=_capped(cell.level, {option.level, markets[feature, market].level}),
                )


def _capped(level: Level, caps: set[Level]) -> Level:
    if level is Level.NONE or Level.NONE in caps:
        return Level.NONE
    return Level.READ if Level.READ in caps else level


def _read_table(
    folder: Traversable, name: str, columns: Sequence[str], levels: Mapping[str, Level]
) -> _Table:
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CoverageRulesError(name, line, "not UTF-8") from error
    reader = csv.reader(StringIO(text, newline=""))
    header = next(reader, [""])
    _check_header(name, header, columns)
    table: dict[tuple[Feature, str], _Cell] = {}
    seen: set[Feature] = set()
    for row in reader:
        feature, cells = _read_row(name, reader.line_num, row, header, levels)
        if feature in seen:
            raise CoverageRulesError(name, reader.line_num, f"two rows for {feature.value}")
        seen.add(feature)
        table.update(((feature, column), cell) for column, cell in cells.items())
    if absent := [each.value for each in Feature if each not in seen]:
        raise CoverageRulesError(name, reader.line_num, f"no row for {', '.join(absent)}")
    return table


def _check_header(name: str, header: Sequence[str], columns: Sequence[str]) -> None:
    if header[:1] != ["feature"]:
        raise CoverageRulesError(name, 1, "the first column must be feature")
    for place, column in enumerate(header[1:], start=1):
        if column not in columns:
            raise CoverageRulesError(name, 1, f"unknown column {column!r}")
        if column in header[:place]:
            raise CoverageRulesError(name, 1, f"two columns {column}")
    if absent := [each for each in columns if each not in header]:
        raise CoverageRulesError(name, 1, f"no column {', '.join(absent)}")


def _read_row(
    name: str, line: int, row: Sequence[str], header: Sequence[str], levels: Mapping[str, Level]
) -> tuple[Feature, Mapping[str, _Cell]]:
    if not row or row[0] not in Feature.__members__:
        raise CoverageRulesError(name, line, f"unknown feature {row[0] if row else ''!r}")
    if len(row) != len(header):
        raise CoverageRulesError(name, line, f"{len(row)} cells where the header has {len(header)}")
    cells: dict[str, _Cell] = {}
    for column, text in zip(header[1:], row[1:], strict=True):
        if text not in levels:
            allowed = ", ".join(levels)
            raise CoverageRulesError(name, line, f"unknown level {text!r} for {column}; one of {allowed}")
        cells[column] = _Cell(levels[text], line)
    return Feature[row[0]], cells
