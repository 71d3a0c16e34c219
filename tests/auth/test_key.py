from auth.key import dump_key, load_key, make_key, public_keys


def test_loads_the_key_that_it_dumped() -> None:
    key = make_key()

    assert load_key(dump_key(key)).as_dict(private=True) == key.as_dict(private=True)


def test_shows_no_private_part_in_a_repr() -> None:
    key = make_key()
    private = str(key.as_dict(private=True).get("d"))

    secret = dump_key(key)

    shown = f"{secret} {secret!r} {secret!s} %s %r" % (secret, [secret, key, public_keys([key])])

    assert private not in shown
    assert shown.count("***") == 5


def test_gives_public_keys_without_their_private_parts() -> None:
    keys = [make_key(), make_key()]

    found = public_keys(keys)

    assert [each.kid for each in found] == [each.kid for each in keys]
    assert [each.is_private for each in found] == [False, False]
