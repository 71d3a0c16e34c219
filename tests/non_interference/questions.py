"""Random questions over the real schema: every field, filter, order, page and global id may be in one."""

# graphql-core's list and non-null types are generic over what they leave open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from graphql import (
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from schema.build import TYPES

DEEPEST: Final = 6
"""How many fields lie one inside the other, at the most."""
TEXTS: Final = ("", "a", "site", "1", "port", "S-VPN", "hidden", "2026", "note", "slow", "changed")
"""Texts that are searched for; some are parts of what is there."""
CURRENCIES: Final = ("EUR", "USD", "XXX")


class Questions:
    """Questions of one kind of chance; *ids* are the global ids that may be asked for."""

    def __init__(self, random: Random, ids: Sequence[str]) -> None:
        """Draw from *random*."""
        self._random = random
        self._ids = ids

    def question(self) -> str:
        """Give the text of a query."""
        return f"query {self._selection(TYPES.query_type, 0)}"

    def _selection(self, kind: Any, depth: int) -> str:  # noqa: ANN401 - a composite type
        """Give some fields of a type; of an interface also some of its implementations."""
        fields = dict(kind.fields)
        leaves = [name for name, each in fields.items() if is_leaf_type(get_named_type(each.type))]
        links = [name for name in fields if name not in leaves]
        chosen = self._some(leaves, 0.4) + (self._some(links, 0.4 * 0.85**depth) if depth < DEEPEST else [])
        texts = ["__typename", *(self._field(name, fields[name], depth) for name in chosen)]
        if is_abstract_type(kind):
            texts += [
                f"... on {each.name} {self._selection(each, depth + 1)}"
                for each in self._some(TYPES.get_possible_types(kind), 0.5)
                if depth < DEEPEST
            ]
        return f"{{ {' '.join(texts)} }}"

    def _field(self, name: str, field: Any, depth: int) -> str:  # noqa: ANN401 - a field
        given = [
            f"{argument}: {self._value(each.type)}"
            for argument, each in field.args.items()
            if self._wanted(argument, each)
        ]
        alias = f"k{self._random.randrange(10**9)}"
        arguments = f"({', '.join(given)})" if given else ""
        named = get_named_type(field.type)
        below = "" if is_leaf_type(named) else f" {self._selection(named, depth + 1)}"
        return f"{alias}: {name}{arguments}{below}"

    def _wanted(self, name: str, argument: Any) -> bool:  # noqa: ANN401 - an argument
        if is_non_null_type(argument.type) and name != "orderBy":
            return True
        rates = {"filter": 0.5, "orderBy": 0.4, "first": 0.3}
        return self._random.random() < rates.get(name, 0.0)

    def _value(self, kind: Any) -> str:  # noqa: ANN401 - an input type
        """Give a literal of a type."""
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return f"[{', '.join(self._value(kind.of_type) for _ in range(self._random.randint(1, 3)))}]"
        if is_enum_type(kind):
            return str(self._random.choice(list(kind.values)))
        if is_input_object_type(kind):
            chosen = self._some(list(kind.fields), 1.5 / len(kind.fields))
            return f"{{{', '.join(f'{name}: {self._value(kind.fields[name].type)}' for name in chosen)}}}"
        return self._leaf(kind.name)

    def _leaf(self, name: str) -> str:
        day = f"2026-{self._random.randint(1, 6):02}-{self._random.randint(1, 28):02}"
        among = {
            "ID": [f'"{each}"' for each in self._ids],
            "Int": ["1", "2", "5", "100"],
            "Boolean": ["true", "false"],
            "Date": [f'"{day}"'],
            "DateTime": [f'"{day}T12:00:00Z"'],
            "CIDR": ['"10.0.0.0/16"', '"10.0.1.0/24"', '"10.9.9.9"'],
        }
        return self._random.choice(among.get(name) or [f'"{each}"' for each in (*TEXTS, *CURRENCIES)])

    def _some(self, among: Sequence[Any], rate: float) -> list[Any]:
        return [each for each in among if self._random.random() < rate]
