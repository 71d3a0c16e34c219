"""Numbers for changes, in the order in which they can be read: what a ``Follower`` asks after."""

from collections.abc import Sequence

from auth.session import Session


class Epochs:
    """The changes that a table tells of: rows of a key and the epoch in which it last changed.

    The row of the empty key counts. It is held until the transaction ends that counted: epochs are seen in
    their order, and none is missed.
    """

    def __init__(self, table: str, key: str, *others: str) -> None:
        """Tell of changes in *table*, whose primary key is *key*; *others* are 0 in the row that counts."""
        columns, zeros = "".join(f", {each}" for each in others), ", 0" * len(others)
        self._count = (
            f"INSERT INTO {table} ({key}, epoch{columns}) VALUES ('', 1{zeros}) "  # noqa: S608 - names of our own tables
            f"ON CONFLICT ({key}) DO UPDATE SET epoch = {table}.epoch + 1 RETURNING epoch"
        )
        self._announce = (
            f"INSERT INTO {table} ({key}, epoch) VALUES (?, ?) "  # noqa: S608 - names of our own tables
            f"ON CONFLICT ({key}) DO UPDATE SET epoch = excluded.epoch"
        )
        self._newest = f"SELECT {key} AS named, epoch FROM {table} WHERE {key} = ''"  # noqa: S608 - see above
        self._changed = f"SELECT {key} AS named, epoch FROM {table} WHERE epoch > ?"  # noqa: S608 - see above

    async def count(self, session: Session) -> int:
        """Begin an epoch in *session*, a transaction; whoever wants the next one waits."""
        (row,) = await session.run(self._count, [])
        return int(row["epoch"])

    async def announce(self, session: Session, key: str, epoch: int) -> None:
        """Say that *key* changed in *epoch*."""
        await session.run(self._announce, [key, epoch])

    async def changes(self, session: Session, after: int | None) -> tuple[int, Sequence[str]]:
        """Give the newest epoch, and the keys that changed after *after*; none for None."""
        rows = await (session.run(self._newest, []) if after is None else session.run(self._changed, [after]))
        names = [str(each["named"]) for each in rows if each["named"]]
        return max((int(each["epoch"]) for each in rows), default=after or 0), names
