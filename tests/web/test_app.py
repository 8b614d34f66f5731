"""What was left out of Flask's work for webhooks changes nothing that Twilio or an operator can see."""

import pytest

from tests.web.signed import SignedLine, heard, next_url


def test_a_host_header_that_is_none_does_not_matter(line: SignedLine) -> None:
    assert line.post("/voice", headers={"Host": "not a host!"}).status_code == 200


@pytest.mark.parametrize("path", ["/voice/a/b", "/voices", "/voice/æ/b", f"/voice/{'x' * 200}/b"])
def test_a_path_without_a_route_is_not_found(path: str, line: SignedLine) -> None:
    assert [line.app.test_client().post(path).status_code for _ in range(2)] == [404, 404]


def test_only_post_is_answered(line: SignedLine) -> None:
    assert line.app.test_client().get("/voice").status_code == 405


def test_each_of_many_paths_finds_its_route(line: SignedLine) -> None:
    answers = {line.app.test_client().post(f"/voice/node{number}").status_code for number in range(100)}
    assert answers == {415}


def test_the_signed_target_is_found_where_the_server_does_not_hand_it_on(line: SignedLine) -> None:
    first = line.post("/voice", raw=False)
    assert first.status_code == 200
    assert heard(line.post(next_url(first), line.fields(Digits="2"), raw=False)) == heard(line.press("2"))


def test_a_document_says_its_length_and_kind(line: SignedLine) -> None:
    response = line.post("/voice")
    assert dict(response.headers) == {
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": str(len(response.data)),
    }
