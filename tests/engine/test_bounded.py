from engine.bounded import Bounded


def test_forgets_what_was_not_asked_for_longest() -> None:
    kept: Bounded[str, int] = Bounded(10)

    kept.keep("a", 1, 4)
    kept.keep("b", 2, 4)
    kept.get("a")
    kept.keep("c", 3, 4)

    assert [kept.get(each) for each in "abc"] == [1, None, 3]
    assert len(kept) == 2


def test_does_not_forget_all_for_what_is_too_large() -> None:
    kept: Bounded[str, int] = Bounded(10)

    kept.keep("a", 1, 4)
    kept.keep("b", 2, 11)

    assert [kept.get(each) for each in "ab"] == [1, None]
