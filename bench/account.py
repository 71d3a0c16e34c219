"""What holds back the figures that are missed: written by hand, beside the numbers."""

from typing import Final

ACCOUNT: Final = (
    (
        "Dashboard: the service reads and decodes every column of a record, 17 to 28 of them, where the "
        "endpoint reads 6 or 7. Profiled over 20 requests, reading and decoding rows took 51 % of the time, "
        "global ids 19 %, verifying every row against the Scope 4 %. Tried so far, each kept: rows decoded "
        "by one generated expression instead of dicts and a conversion; verification condition by condition "
        "over all rows; loaders that gather bundles; links that carry the sort column; tenants by equality; "
        "no session reset in the pool; words hashed by identity; the garbage collector told what stays (31 "
        "to 24 ms of CPU a request). The next idea is to read only the columns that an operation needs."
    ),
    (
        "Small query: coverage and the User are looked up again after a second, and with 200 customers in "
        "turn that is nearly every time; epochs will end that."
    ),
    ("First sight: more than half of it is graphql-core's parsing and validation."),
)
