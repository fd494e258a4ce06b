"""What `make bench` is asked for: a name or size that is none is refused before anything is measured."""

import pytest

from bench.__main__ import ALL, choose


def test_without_words_everything_is_measured() -> None:
    chosen = choose([])

    assert (chosen.only, chosen.sizes) == ([*ALL], [1000, 100_000])


def test_measures_and_sizes_are_chosen_by_name() -> None:
    chosen = choose(["--only", "lists, import", "--sizes", "1000"])

    assert (chosen.only, chosen.sizes) == (["lists", "import"], [1000])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--only", "list"], "no measure is called list; there are lists, release, notices, import"),
        (["--only", "lists,imports"], "no measure is called imports;"),
        (["--only", ""], "no measure is called nothing"),
        (["--sizes", "many"], "'many' is not a list of numbers such as 1000,100000"),
        (["--sizes", "0"], "a list has one row at least"),
    ],
)
def test_what_is_no_measure_is_refused(words, said, capsys) -> None:
    with pytest.raises(SystemExit):
        choose(words)

    assert said in capsys.readouterr().err
