"""What is locked for the peers on Node."""

from bench.folder import HERE


def test_locks_the_peers_without_an_address_to_download_from() -> None:
    lock = (HERE / "peers" / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert "://" not in lock
