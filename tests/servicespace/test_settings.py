"""What an operator may set."""

from pathlib import Path

import pytest

from servicespace.settings import SettingsError, in_folder, read_settings


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    file = folder / "servicespace.toml"
    file.write_text(text)
    return file


def test_reads_a_file(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        'source_seconds = 0.5\n[http]\nport = 9000\n[store]\nhost = "db.example.com"\nuser = "me"\n',
    )

    settings = read_settings(file, {})

    assert settings.source_seconds == 0.5
    assert settings.http.port == 9000
    assert settings.store.host == "db.example.com"
    assert settings.store.password == ""


def test_takes_the_password_from_the_environment(tmp_path: Path) -> None:
    file = written(tmp_path, '[store]\nhost = "db.example.com"\n')

    settings = read_settings(file, {"SERVICESPACE_STORE_PASSWORD": "secret"})

    assert settings.store.connection()["credentials"]["password"] == "secret"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[http]\nprot = 1\n[store]\nfile = 'x'\n", ":2: Object contains unknown field `prot`"),
        ("[http]\nport = 'x'\n[store]\nfile = 'x'\n", "$.http.port"),
        ("[store\n", "line 1"),
        ("[store]\n", "either `file`"),
        ("[store]\nfile = 'x'\nhost = 'y'\n", "either `file`"),
        ("[store]\nfile = 'x'\n[token]\nissuer = 'https://['\n", ":4: [token] https://[ must be https"),
        (
            "upstream = [\n  1,\n]\n[store]\nfile = 'x'\n",
            ":1: upstream 1 (?, ?): Expected `object`, got `int`",
        ),
        ("upstream = 1\n[store]\nfile = 'x'\n", ":1: Expected `array`, got `int`"),
        ("[upstream]\nsystem = 'billing'\n[store]\nfile = 'x'\n", ":1: Expected `array`, got `object`"),
        ("[store]\nfile = 'x'\n[cache]\nplace = 'valkey'\n", ":4: [cache] needs the setting valkey"),
        ("[store]\nfile = 'x'\n[cache]\nstale_seconds = -1\n", ":4: Expected `float` >= 0"),
    ],
)
def test_refuses_what_is_no_setting_and_says_where(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(SettingsError) as caught:
        read_settings(file, {})

    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings(tmp_path / "none.toml", {})


def test_makes_the_folder_of_an_embedded_store(tmp_path: Path) -> None:
    settings = in_folder(tmp_path / "new" / "folder")

    assert (tmp_path / "new" / "folder").is_dir()
    assert settings.store.file == str(tmp_path / "new" / "folder" / "servicespace.db")
