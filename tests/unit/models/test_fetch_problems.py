"""What goes wrong on the way, in sentences."""

import socket
import ssl

import httpx
import pytest

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.patience import Again
from desktop.models.jobs.fetch.problems import status_trouble, transport_trouble

PAGE = "https://hub.test/maker/model"


def caused(error: httpx.HTTPError, *causes: BaseException) -> httpx.HTTPError:
    """An error as httpx raises it, with what is underneath."""
    link: BaseException = error
    for cause in causes:
        link.__cause__ = cause
        link = cause
    return error


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate in certificate chain"
    return error


TRANSPORT = [
    (caused(httpx.ConnectError("x"), OSError(), socket.gaierror(-2, "x")), "cannot be found", True),
    (caused(httpx.ConnectError("x"), ConnectionRefusedError()), "refuses the connection", True),
    (caused(httpx.ConnectError("x"), certificate_error()), "self-signed certificate", False),
    (caused(httpx.ConnectError("x"), ssl.SSLError(1, "x")), "not speak a secure connection", True),
    (caused(httpx.ConnectError("x"), OSError(101, "x")), "cannot be reached", True),
    (httpx.ProxyError("407 Proxy Authentication Required"), "proxy does not let", False),
    (httpx.ConnectTimeout("x"), "does not answer", True),
    (httpx.ReadTimeout("x"), "Nothing comes from hub.test", True),
    (httpx.RemoteProtocolError("x"), "breaks off", True),
    (httpx.ReadError("x"), "breaks off", True),
    (httpx.TooManyRedirects("x"), "in circles", False),
    (httpx.UnsupportedProtocol("x"), "of another kind", False),
    (httpx.DecodingError("x"), "cannot be unpacked", True),
]


@pytest.mark.parametrize(("error", "said", "try_again"), TRANSPORT)
def test_each_failure_of_the_network_has_its_sentence(
    error: httpx.HTTPError, said: str, try_again: bool
) -> None:
    trouble = transport_trouble(error, "hub.test")
    problem = trouble.problem if isinstance(trouble, Again) else trouble
    assert said in problem.what
    assert "hub.test" in problem.what
    assert problem.what.endswith(".")
    assert problem.remedy
    assert isinstance(trouble, Again) is try_again


def answer(status: int, *, token: bool = False, **headers: str) -> httpx.Response:
    request = httpx.Request("GET", PAGE, headers={"Authorization": "Bearer x"} if token else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, request=request)


FINAL = [
    (answer(401), "knows no model maker/model", "access token"),
    (answer(404), "knows no model maker/model", "Check the name"),
    (answer(401, token=True), "does not accept your access token", "Make a new one"),
    (answer(401, X_Error_Code="GatedRepo"), "accept its licence", PAGE),
    (answer(403, X_Error_Code="GatedRepo", token=True), "no access to maker/model yet", PAGE),
    (answer(403, token=True), "denies access", PAGE),
    (answer(404, X_Error_Code="EntryNotFound"), "A file of maker/model is gone", "another"),
    (answer(404, X_Error_Code="RevisionNotFound"), "does not have the revision", PAGE),
    (answer(407), "proxy wants a name", "HTTPS_PROXY"),
    (answer(418), "answers with 418", "Try again"),
]


@pytest.mark.parametrize(("response", "said", "remedy"), FINAL)
def test_each_refusal_has_its_sentence(response: httpx.Response, said: str, remedy: str) -> None:
    trouble = status_trouble(response, "maker/model", PAGE)
    assert isinstance(trouble, Problem)
    assert said in trouble.what
    assert remedy in trouble.remedy


def test_no_two_refusals_say_the_same() -> None:
    said = {str(status_trouble(response, "maker/model", PAGE)) for response, _, _ in FINAL[1:]}
    assert len(said) == len(FINAL) - 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again_when_the_server_wants_it(status: int) -> None:
    trouble = status_trouble(answer(status, Retry_After="120"), "maker/model", PAGE)
    assert isinstance(trouble, Again)
    assert trouble.wish == 120.0
    assert str(status) in trouble.problem.what


def test_who_asks_too_often_learns_when_to_come_back() -> None:
    trouble = status_trouble(answer(429, Retry_After="600"), "maker/model", PAGE)
    assert isinstance(trouble, Again)
    assert "in 10 min" in trouble.problem.remedy
    assert "token" in trouble.problem.remedy
