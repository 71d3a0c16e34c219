"""A schema of plain graphql-core for the engine's tests."""

from graphql import build_schema

TYPES = build_schema(
    """
    type Query {
      site: Site
      sites: [Site]
      count(first: Int! = 25, state: State, filter: Filter): Int
      at(states: [[State!]!]): Int
    }
    type Site { name: String site: Site sites: [Site] must: String! }
    type Mutation { rename: Int }
    enum State { OPEN CLOSED }
    input Filter { state: [State!] number: Int! = 1 inner: Filter }
    """
)
