"""Which columns of which records an operation reads: all that is fetched of them."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from graphql import GraphQLObjectType

from engine.mask import Opening
from engine.plan import Field, Plan
from sources.projection import columns_of
from sources.record import Record
from sources.scope import Columns


def columns_read(plan: Plan) -> Columns:
    """Give the columns of each kind of record that *plan* reads anywhere."""
    read: defaultdict[type[Record], frozenset[str]] = defaultdict(frozenset)
    for scope in plan.scopes:
        record = record_of(scope.type)
        if record is not None:
            read[record] = read[record].union(*(columns_of(record, each.reads) for each in scope.fields))
            read[record] = read[record].union(_deciding(record, scope.fields))
    return dict(read)


def record_of(kind: GraphQLObjectType) -> type[Record] | None:
    """Give the kind of record that objects of *kind* stand for, if they do."""
    declared = kind.extensions.get("strawberry-definition")
    return getattr(getattr(declared, "origin", None), "record", None)


def _deciding(record: type[Record], fields: Sequence[Field]) -> Collection[str]:
    """Give the columns by which a parent behind a partial gate is admitted or not."""
    if "solutions" in record.paths and any(each.opening is Opening.SOME for each in fields):
        return columns_of(record, [record.paths["solutions"].column])
    return ()
