"""Reading records: formats, limits, literals, and what each unreadable file is told."""

from __future__ import annotations

import socket

import pytest

from posthma.errors import LimitError, RecordError, SyntaxRecordError
from posthma.intake import rdf
from posthma.intake.rdf import parse_record, read_record

XSD = "http://www.w3.org/2001/XMLSchema#"
ONE = b"<http://x/a> <http://x/b> <http://x/c> ."


def objects(record):
    return [o for _, _, o in record.triples]


def test_the_same_facts_from_three_formats():
    turtle = parse_record(b"@prefix x: <http://x/> . x:a x:b x:c ; x:low 4.5 ; x:n 30 .", "r.ttl")
    lines = f'<http://x/a> <http://x/b> <http://x/c> .\n<http://x/a> <http://x/low> "4.5"^^<{XSD}decimal> .\n'
    lines += f'<http://x/a> <http://x/n> "30"^^<{XSD}integer> .'
    triples = parse_record(lines.encode(), "r.nt")
    text = b'{"@context": {"x": "http://x/"}, "@id": "x:a", "x:b": {"@id": "x:c"}, "x:low": 4.5, "x:n": 30}'
    json_ld = parse_record(text, "r.jsonld")
    assert set(turtle.triples) == set(triples.triples) == set(json_ld.triples)
    assert [turtle.format, triples.format, json_ld.format] == ["turtle", "n-triples", "json-ld"]


def test_literals_keep_their_lexical_form():
    record = parse_record(b"<http://x/a> <http://x/b> 01, 1.50, +3, 1.0e0, '<5 %' .", "r.ttl")
    assert objects(record) == [
        f'"01"^^<{XSD}integer>',
        f'"1.50"^^<{XSD}decimal>',
        f'"+3"^^<{XSD}integer>',
        f'"1.0e0"^^<{XSD}double>',
        '"<5 %"',
    ]


@pytest.mark.parametrize(
    ("number", "token"),
    [
        ("4.5", f'"4.5"^^<{XSD}decimal>'),
        ("0.001", f'"0.001"^^<{XSD}decimal>'),
        ("180.0", f'"180"^^<{XSD}integer>'),
        ("-2.25", f'"-2.25"^^<{XSD}decimal>'),
    ],
)
def test_json_numbers_become_integers_and_decimals(number, token):
    record = parse_record(f'{{"@id": "http://x/a", "http://x/b": {number}}}'.encode(), "r.json")
    assert objects(record) == [token]


def test_blank_nodes_are_named_by_appearance_and_repeat():
    data = b"<http://x/a> <http://x/b> [ <http://x/c> [ <http://x/d> 1 ] ] ."
    assert parse_record(data, "r.ttl").triples == parse_record(data, "r.ttl").triples
    assert {t[0] for t in parse_record(data, "r.ttl").triples} == {"<http://x/a>", "_:b1", "_:b2"}


def test_relative_iris_do_not_depend_on_the_folder():
    assert parse_record(b"<#a> <http://x/b> <c> .", "/some/where/r.ttl").triples == (
        ("<https://w3id.org/posthma/record/#a>", "<http://x/b>", "<https://w3id.org/posthma/record/c>"),
    )


def test_hash_is_of_the_bytes(tmp_path):
    file = tmp_path / "r.ttl"
    file.write_bytes(ONE)
    # sha256sum of the bytes, from coreutils
    assert read_record(file).sha256 == "f619cda9f23a3a757d50d8f958b2648c48f5adc229a25489c5e48ae888feaa51"
    assert read_record(file).name == "r.ttl"


@pytest.mark.parametrize(
    ("name", "data", "error", "words"),
    [
        ("r.ttl", b"", RecordError, "file is empty; state a patient"),
        ("r.ttl", b" \n\t", RecordError, "file is empty"),
        ("r.ttl", b"# only a remark\n", RecordError, "no fact in it"),
        ("r.jsonld", b"{}", RecordError, "is the @context missing"),
        ("r.ttl", b"<http://x/a> <http://x/b> <http://x/c>\n<http://x/d> <http://x/e> 1 .", SyntaxRecordError, "r.ttl:2:1: A dot is expected.*end the statement before"),
        ("r.ttl", b"<http://x/a>\n  q:b 1 .", SyntaxRecordError, "r.ttl:2:3: .*q: has not been declared; declare it at the top"),
        ("r.ttl", b'<http://x/a> <http://x/b> "open', SyntaxRecordError, "end of file; the file ends inside"),
        ("r.nt", b"@prefix x: <http://x/> .", SyntaxRecordError, "r.nt:1"),
        ("r.jsonld", b'{"@id": "http://x/a",\n "http://x/b": 1,}', SyntaxRecordError, "r.jsonld:2:18: .*mend the JSON"),
        ("r.ttl", b'{"@id": "http://x/a"}', RecordError, "looks like JSON.*name it .jsonld"),
        ("r.jsonld", ONE, RecordError, "not JSON.*name it by its format"),
        ("r.ttl", b"<?xml version='1.0'?><rdf:RDF/>", RecordError, "XML or HTML; convert"),
        ("r.docx", ONE, RecordError, r"format is not known by its name; name it \.ttl"),
        ("record", ONE, RecordError, "format is not known"),
        ("r.ttl", b"\x7fELF\x02\x01\x00\x00\xff\xfe\xfa", RecordError, "not text; save the record as UTF-8"),
        ("r.ttl", b"<http://x/a> <http://x/b>\n 'caf\xe9' .", RecordError, "r.ttl:2: byte 0xe9 is not UTF-8"),
        ("r.ttl", b"<http://x/a> <http://x/b>\n\n 'a\0b' .", RecordError, "r.ttl:3: a NUL byte"),
        ("r.ttl", "<http://x/a>".encode("utf-16"), RecordError, "UTF-16 text; save it as UTF-8"),
        ("r.ttl", b"version https://git-lfs.github.com/spec/v1\noid sha256:0", RecordError, "Git LFS pointer.*git lfs pull"),
        ("r.ttl", b"<< <http://x/a> <http://x/b> 1 >> <http://x/c> 2 .", RecordError, "triple term"),
        ("r.jsonld", b'{"@id": "http://x/g", "@graph": [{"@id": "http://x/a", "http://x/b": 1}]}', RecordError, "Named graphs are not allowed; state the facts outside"),
    ],
)  # fmt: skip
def test_what_an_unreadable_record_is_told(name, data, error, words):
    with pytest.raises(error, match=words) as caught:
        parse_record(data, name)
    assert caught.value.exit_code == 1
    assert caught.value.place.startswith(name)


@pytest.mark.parametrize(
    "context",
    ['"https://example.org/context"', '["https://example.org/context"]', '{"@import": "https://example.org/context"}'],
)
def test_remote_contexts_are_refused_and_never_fetched(context, monkeypatch):
    def refuse(*args):
        raise AssertionError("a record made the program open a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(
        RecordError, match="@context https://example.org/context is not in the file.*nothing is ever fetched"
    ):
        parse_record(f'{{"@context": {context}, "@id": "http://x/a", "name": "n"}}'.encode(), "r.jsonld")


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "huge.ttl"
    with file.open("wb") as out:
        out.truncate(200_000_000)
    with pytest.raises(LimitError, match=r"huge.ttl: 200\.0 MB is more than the limit of 20 MB"):
        read_record(file)


def test_too_many_facts(monkeypatch):
    monkeypatch.setattr(rdf, "MAX_TRIPLES", 2)
    with pytest.raises(LimitError, match="3 facts, more than the limit of 2"):
        parse_record(b"<http://x/a> <http://x/b> 1, 2, 3 .", "r.ttl")


def test_no_such_file_and_a_folder(tmp_path):
    with pytest.raises(RecordError, match="no such file; check the path"):
        read_record(tmp_path / "absent.ttl")
    with pytest.raises(RecordError, match="it is a folder"):
        read_record(tmp_path)


@pytest.mark.parametrize(
    "data", [b"<http://x/a> <http://x/b> " + b"[" * 100_000, b"<http://x/a> <http://x/b> " + b"(" * 100_000]
)
def test_deep_nesting_ends_in_a_message(data):
    with pytest.raises(RecordError):
        parse_record(data, "r.ttl")


def test_deep_nesting_in_json_ends_in_a_message():
    depth = 100_000
    with pytest.raises(LimitError):
        parse_record(b'{"http://x/a":' * depth + b"1" + b"}" * depth, "r.jsonld")


def test_deep_nesting_that_is_sound_turtle_is_read():
    depth = 5_000
    data = b"<http://x/a> <http://x/b> " + b"[ <http://x/c> " * depth + b"1" + b" ]" * depth + b" ."
    record = parse_record(data, "r.ttl")
    assert len(record.triples) == depth + 1
    assert record.place(record.triples[0]).startswith("r.ttl")


@pytest.mark.parametrize(("head", "inner", "tail"), [('{"@id":"a","http://e/x":', "[", "]"), ('{"@id":"a","http://e/x":', '{"http://e/x":', "}")])
@pytest.mark.parametrize("depth", [101, 2_000, 200_000])
def test_deep_json_ld_is_refused_before_the_parser_sees_it(head, inner, tail, depth):
    """The parser recurses and would end the process at some thousand levels."""
    data = (head + inner * depth + "1" + tail * depth + "}").encode()
    with pytest.raises(LimitError, match="nested more than 100 deep"):
        parse_record(data, "deep.jsonld")


def test_brackets_in_strings_are_no_nesting():
    data = b'{"@id":"http://e/a","http://e/x":"' + b"[{" * 500 + b'\\""}'
    assert len(parse_record(data, "flat.jsonld").triples) == 1
