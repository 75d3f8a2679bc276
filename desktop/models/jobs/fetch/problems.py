"""What can go wrong between here and a hub, in sentences, and whether another try may help."""

import socket
import ssl
from collections.abc import Iterator

import httpx

from desktop.domain.errors import Problem
from desktop.domain.words import mark, tr
from desktop.models.jobs.fetch.patience import Again, seconds_of

BUSY = (408, 425, 429, 500, 502, 503, 504)
GO_ON = mark("Try again: the download goes on where it was.")
NETWORK = mark("Check the internet connection, and HTTPS_PROXY if your network has a proxy.")
PROXY = mark("Check HTTPS_PROXY, with the name and password that the proxy may want.")
LOGIN = mark(
    "Check HTTPS_PROXY and HF_ENDPOINT, if they are set, and whether this network asks for a login"
    " in the browser first."
)
CERTIFICATE = mark(
    "Check this computer's date. If your organisation inspects connections, name the file of its"
    " certificate in SSL_CERT_FILE."
)


class NoSuchRevision(Problem):
    """A branch, tag or commit that the repository does not have."""


# The first row that one of the causes is of: what happened, what to do, whether to try again.
_TRANSPORT: tuple[tuple[type[Exception], str, str, bool], ...] = (
    (
        ssl.SSLCertVerificationError,
        mark("The connection to {host} is not safe: its certificate is not trusted"),
        CERTIFICATE,
        False,
    ),
    (ssl.SSLError, mark("{host} does not speak a secure connection"), LOGIN, True),
    (socket.gaierror, mark("The address of {host} cannot be found"), NETWORK, True),
    (ConnectionRefusedError, mark("{host} refuses the connection"), NETWORK, True),
    (httpx.ProxyError, mark("The proxy does not let Cellar reach {host}"), PROXY, False),
    (httpx.ConnectTimeout, mark("{host} does not answer"), NETWORK, True),
    (httpx.ConnectError, mark("{host} cannot be reached"), NETWORK, True),
    (httpx.TimeoutException, mark("Nothing comes from {host} any more"), GO_ON, True),
    (httpx.TooManyRedirects, mark("{host} leads in circles"), LOGIN, False),
    (httpx.UnsupportedProtocol, mark("{host} leads to an address of another kind"), LOGIN, False),
    (httpx.DecodingError, mark("What {host} sends cannot be unpacked"), GO_ON, True),
    (Exception, mark("The connection to {host} breaks off again and again"), GO_ON, True),
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
                problem = Problem(
                    tr("{what}{detail}.", what=tr(what, host=host), detail=said), tr(remedy)
                )
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
            what = tr(
                "{repository} does not have the revision that was asked for.", repository=repository
            )
            return NoSuchRevision(what, tr("Look at {page} for those that it has.", page=page))
        case "EntryNotFound":
            return Problem(
                tr("A file of {repository} is gone.", repository=repository),
                tr("Try again, or use another repository."),
            )
    return _refused(status, host, repository, page, with_token=with_token)


def _refused(status: int, host: str, repository: str, page: str, *, with_token: bool) -> Problem:
    if status == 401 and with_token:
        return Problem(
            tr("{host} does not accept your access token.", host=host),
            tr("Make a new one in your account there, and give it to Cellar."),
        )
    if status in (401, 404):
        return Problem(
            tr(
                "{host} knows no model {repository}, or it is a private one.",
                host=host,
                repository=repository,
            ),
            tr("Check the name. For a private one, give Cellar your access token."),
        )
    if status == 403:
        return Problem(
            tr("{host} denies access to {repository}.", host=host, repository=repository),
            tr(
                "See whether {page} opens in a browser, and whether your token may read it.",
                page=page,
            ),
        )
    if status == 407:
        return Problem(tr("The proxy wants a name and a password."), tr(PROXY))
    return Problem(
        tr(
            "{host} does not give {repository}: it answers with {status}.",
            host=host,
            repository=repository,
            status=status,
        ),
        tr(GO_ON),
    )


def _busy(status: int, host: str, wish: float, *, with_token: bool) -> Problem:
    if status != 429:
        return Problem(
            tr(
                "{host} has a problem of its own at the moment ({status}).",
                host=host,
                status=status,
            ),
            tr(GO_ON),
        )
    remedy = tr("Try again later.")
    if wish:
        remedy = tr("Try again in {minutes} min.", minutes=max(1, round(wish / 60)))
    if not with_token:
        remedy += " " + tr("With an access token, more is allowed.")
    return Problem(
        tr("{host} was asked too often (429).", host=host),
        remedy,
    )


def _gated(repository: str, page: str, *, with_token: bool) -> Problem:
    if with_token:
        return Problem(
            tr("Your account has no access to {repository} yet.", repository=repository),
            tr(
                "Open {page} with the account of your token, accept the licence, and try again"
                " once access is granted.",
                page=page,
            ),
        )
    return Problem(
        tr(
            "The hub gives {repository} only to those who accept its licence.",
            repository=repository,
        ),
        tr(
            "Open {page}, accept the licence, and give Cellar an access token of your account.",
            page=page,
        ),
    )
