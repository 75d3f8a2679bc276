"""What can go wrong between here and a hub, in sentences, and whether another try may help."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from desktop.domain.errors import Problem
from desktop.models.jobs.fetch.patience import Again, seconds_of

BUSY = (408, 425, 429, 500, 502, 503, 504)
GO_ON = "Try again: the download goes on where it was."
NETWORK = "Check the internet connection, and HTTPS_PROXY if your network has a proxy."
PROXY = "Check HTTPS_PROXY, with the name and password that the proxy may want."
LOGIN = (
    "Check HTTPS_PROXY and HF_ENDPOINT, if they are set, and whether this network asks for a login"
    " in the browser first."
)
CERTIFICATE = (
    "Check this computer's date. If your organisation inspects connections, name the file of its"
    " certificate in SSL_CERT_FILE."
)


class NoSuchRevision(Problem):
    """A branch, tag or commit that the repository does not have."""


# The first row that one of the causes is of: what happened, what to do, whether to try again.
_TRANSPORT: tuple[tuple[type[Exception], str, str, bool], ...] = (
    (
        ssl.SSLCertVerificationError,
        "The connection to {host} is not safe: its certificate is not trusted",
        CERTIFICATE,
        False,
    ),
    (ssl.SSLError, "{host} does not speak a secure connection", LOGIN, True),
    (socket.gaierror, "The address of {host} cannot be found", NETWORK, True),
    (ConnectionRefusedError, "{host} refuses the connection", NETWORK, True),
    (httpx.ProxyError, "The proxy does not let Cellar reach {host}", PROXY, False),
    (httpx.ConnectTimeout, "{host} does not answer", NETWORK, True),
    (httpx.ConnectError, "{host} cannot be reached", NETWORK, True),
    (httpx.TimeoutException, "Nothing comes from {host} any more", GO_ON, True),
    (httpx.TooManyRedirects, "{host} leads in circles", LOGIN, False),
    (httpx.UnsupportedProtocol, "{host} leads to an address of another kind", LOGIN, False),
    (httpx.DecodingError, "What {host} sends cannot be unpacked", GO_ON, True),
    (Exception, "The connection to {host} breaks off again and again", GO_ON, True),
)


def transport_trouble(error: httpx.HTTPError, hub: str) -> Again | Problem:
    """Why there was no answer, or no end to it: Again when another try may help."""
    causes = list(_causes(error))
    host = _host(error) or hub
    for kind, what, remedy, try_again in _TRANSPORT:
        for cause in causes:
            if isinstance(cause, kind):
                detail = getattr(cause, "verify_message", "")
                said = f" ({detail})" if detail else ""
                problem = Problem(f"{what.format(host=host)}{said}.", remedy)
                return Again(problem) if try_again else problem
    raise AssertionError("the last row is for every exception")


def _host(error: httpx.HTTPError) -> str:
    """Whom the request was for, which a redirect may have changed."""
    try:
        return error.request.url.host
    except RuntimeError:  # it did not come so far
        return ""


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def status_trouble(response: httpx.Response, repository: str, page: str) -> Again | Problem:
    """What an answer that is no success means. `page` is the repository's, for a browser."""
    status, host = response.status_code, response.url.host
    with_token = "Authorization" in response.request.headers
    if status in BUSY:
        wish = seconds_of(response.headers.get("Retry-After", ""))
        return Again(_busy(status, host, wish, with_token=with_token), wish)
    match response.headers.get("X-Error-Code"):
        case "GatedRepo":
            return _gated(repository, page, with_token=with_token)
        case "RevisionNotFound":
            what = f"{repository} does not have the revision that was asked for."
            return NoSuchRevision(what, f"Look at {page} for those that it has.")
        case "EntryNotFound":
            return Problem(
                f"A file of {repository} is gone.", "Try again, or use another repository."
            )
    return _refused(status, host, repository, page, with_token=with_token)


def _refused(status: int, host: str, repository: str, page: str, *, with_token: bool) -> Problem:
    if status == 401 and with_token:
        return Problem(
            f"{host} does not accept your access token.",
            "Make a new one in your account there, and give it to Cellar.",
        )
    if status in (401, 404):
        return Problem(
            f"{host} knows no model {repository}, or it is a private one.",
            "Check the name. For a private one, give Cellar your access token.",
        )
    if status == 403:
        return Problem(
            f"{host} denies access to {repository}.",
            f"See whether {page} opens in a browser, and whether your token may read it.",
        )
    if status == 407:
        return Problem("The proxy wants a name and a password.", PROXY)
    return Problem(f"{host} does not give {repository}: it answers with {status}.", GO_ON)


def _busy(status: int, host: str, wish: float, *, with_token: bool) -> Problem:
    if status != 429:
        return Problem(f"{host} has a problem of its own at the moment ({status}).", GO_ON)
    when = f"in {max(1, round(wish / 60))} min" if wish else "later"
    more = "" if with_token else " With an access token, more is allowed."
    return Problem(f"{host} was asked too often (429).", f"Try again {when}.{more}")


def _gated(repository: str, page: str, *, with_token: bool) -> Problem:
    if with_token:
        return Problem(
            f"Your account has no access to {repository} yet.",
            f"Open {page} with the account of your token, accept the licence, and try again once"
            " access is granted.",
        )
    return Problem(
        f"The hub gives {repository} only to those who accept its licence.",
        f"Open {page}, accept the licence, and give Cellar an access token of your account.",
    )
