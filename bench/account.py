"""What holds back the figures that are missed: written by hand, beside the numbers."""

from typing import Final

ACCOUNT: Final = (
    (
        "Dashboard, against the hand-written endpoint: timed by stages, 38 % of an answer's CPU time "
        "goes into the generated functions (a sixth of that into global ids), 30 % into asyncpg's "
        "reading and decoding, 8 % into records, 6 % into JSON, 3 % into verifying and grouping rows, "
        "the rest into HTTP, the engine, loaders and six statements. The endpoint has the ids, asyncpg "
        "and JSON as well; records and the rest are ours. Tried since the figure stood at 0.38, each "
        "kept: only the columns that are read (-30 %), times written by orjson (-10 %), nothing left to "
        "the garbage collector (two circles through the loaders had kept every record of an answer; -8 "
        "%), rows verified all at once, two types of one field answered in one function, rows unpacked "
        "instead of subscripted, arguments converted once, coverage and Users followed instead of "
        "looked up. Tried and dropped: global ids without the translation to URL-safe letters (0.04 of "
        "0.30 µs), longer collector thresholds beyond 200,000. Next ideas: records that are asyncpg's "
        "own rows (record_class), one answer for equal objects (1,000 components are at 200 locations), "
        "statement texts kept with the plan."
    ),
    (
        "The machine's speed moves by a third within minutes. Three runs of one evening gave the dashboard "
        "0.78, 0.61 and 0.72 of the endpoint's requests, and 1.22, 0.84 and 0.97 of those of Mercurius with "
        "graphql-jit; the last one is above. In one process, where both take turns every tenth of a second, "
        "it was 0.68 to 0.70 of the endpoint's."
    ),
    (
        "Dashboard, against Mercurius with graphql-jit: the target lies beyond what the hand-written "
        "endpoint itself reaches on this machine. Against the other peers it follows from the first."
    ),
    (
        "Small query: asyncpg and the sockets take a third of the CPU time, as in the endpoint, which "
        "is itself slower than Mercurius: that part is Python's web server. Ours besides: two loads "
        "through aiodataloader (a task, two rounds of the loop and a deadline each), a task that "
        "listens whether the client hangs up, the checks of GraphQL over HTTP; the engine itself takes "
        "some 40 µs of 550."
    ),
    (
        "A leaf of 100,000: such an answer is larger than what the allocator keeps, so each run gets "
        "its memory anew from the system (5.9 page faults for each 1,000 leaves, none with 10,000), and "
        "larger than the processor's caches. The work for each leaf is the same."
    ),
    (
        "Coverage on and off, and half of the Solutions against all, differ by less than the rounds do; "
        "what on costs besides is to look up a customer's coverage again each half minute, two "
        "statements."
    ),
)
