"""Arguments and files are checked before a broker is asked, and the next step fits the argument that was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.cli import main
from tests.books import new_book

PATHS = {
    "replay --book there.db": (2, "BookExists: The file there.db exists already"),
    "replay --book none/new.db": (69, "NoDirectory: Could not create none/new.db: there is no directory "),
    "replay --book new.db --to x": (2, "BadPosition: 'x' is not part of a position"),
    "backup none/new.db": (69, "NoDirectory: Could not create none/new.db: there is no directory "),
    "publish none.ndjson": (2, "NoSuchFile: There is no file none.ndjson. Correct the path"),
    "import coins none.xml": (2, "UnknownName: The importer 'coins' is not known. Known: uspto-grants"),
    "import uspto-grants none.xml": (2, "NoSuchFile: There is no file none.xml. Correct the path"),
    "import uspto-grants there.db --to none/a": (
        2,
        "NoSuchDirectory: none/a cannot be written: there is no directory none",
    ),
    "compare there.db none.db": (
        69,
        "NotComparable: none.db cannot be compared: there is no such file. `ip-ledger compare`",
    ),
    "compare text.txt there.db": (69, "NotComparable: text.txt cannot be compared: file is not a database"),
}


@pytest.mark.parametrize("words", PATHS)
def test_arguments_are_checked_first_and_the_error_names_the_step_for_them(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER_BROKERS", "127.0.0.1:1")
    monkeypatch.setenv("LEDGER_BOOK", "there.db")
    new_book(Path("there.db"))
    Path("text.txt").write_text("no book " * 200, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["ip-ledger", *words.split()])
    code, message = PATHS[words]
    with pytest.raises(SystemExit, match=str(code)):
        main()
    err = capsys.readouterr().err
    assert err.startswith(message)
    assert "LEDGER_" not in err
    assert not Path("new.db").exists()


def test_a_file_without_an_event_needs_no_broker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEDGER_BROKERS", "127.0.0.1:1")
    file = tmp_path / "text.txt"
    file.write_text("no office file", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["ip-ledger", "import", "uspto-grants", str(file)])
    with pytest.raises(SystemExit, match="65"):
        main()
    assert "found 1 bad" in capsys.readouterr().err
