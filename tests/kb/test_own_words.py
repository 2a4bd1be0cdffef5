"""No sentence of the article stands in the knowledge: facts, figures and names carry over, its wording does not."""

from __future__ import annotations

from tests.kb.own_words import RUN, copied, literals, runs_of, shared, turtle_files, words


def test_no_run_of_eight_words_is_copied_from_the_article(article: list[str]) -> None:
    files = turtle_files()
    assert len(files) >= 50
    assert len(list(literals(files))) > 8000
    assert copied(files, article) == []


def test_a_copied_run_is_noticed(article: list[str]) -> None:
    """Eight words of the article are found wherever they stand, seven are not; case and commas do not hide them."""
    taken = words(" ".join(article[16:20]))[:RUN]
    for count, expected in ((RUN, 1), (RUN - 1, 0)):
        text = f"Before. {', '.join(taken[:count]).upper()}, after."
        assert len(shared(text, runs_of(article))) == expected
