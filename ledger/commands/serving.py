"""The commands of the server: `serve`, and `token`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ledger.commands.context import listed_books, running_cluster, settings
from ledger.commands.exit_codes import Exit
from ledger.commands.formatted import BOOKS
from ledger.commands.messages import echo_err
from schemas.errors import UsageError


class OpenToOthers(UsageError):
    """A server without authentication listens on loopback only, not on {host}. Set LEDGER_TOKENS (`ip-ledger token`
    makes tokens) or LEDGER_OIDC_ISSUER and LEDGER_OIDC_AUDIENCE, or leave out --host."""


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(serve)
    app.command()(token)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; other than loopback needs authentication.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any free one.")] = 8000,
    books: BOOKS = "",
) -> None:
    """Serve the dashboard, the API and the live stream, until SIGTERM.

    Examples:
      LEDGER_BOOK=/srv/book.db ip-ledger serve --port 8080
      ip-ledger serve --books a.db,b.db,c.db
    """
    from ledger import logs
    from ledger.tracing import traces
    from ledger.web.app import create_app
    from ledger.web.oidc import is_loopback
    from ledger.web.server import Tls, listen, run_server

    chosen = settings()
    logs.configure()
    with traces("server") as provider, listen(host, port) as sock:
        several = listed_books(books)
        app = create_app(chosen, running_cluster(), provider, several)
        if app.state.access.is_open:
            if not is_loopback(host):
                raise OpenToOthers(host=host)
            echo_err(
                "No authentication: everybody on this machine may read and publish. Set LEDGER_TOKENS to ask for "
                "tokens."
            )
        scheme = "https" if chosen.tls_certfile else "http"
        address = f"{scheme}://{'[' + host + ']' if ':' in host else host}:{sock.getsockname()[1]}/"
        tls = Tls(chosen.tls_certfile, chosen.tls_keyfile)
        started = f"Serving {books or chosen.book} at {address}"
        interrupted = run_server(app, sock, lambda: echo_err(started), tls=tls, proxies=chosen.trusted_proxies)
    raise typer.Exit(Exit.INTERRUPTED if interrupted else Exit.FINE)


def token(
    name: Annotated[str, typer.Argument(help="Who gets it; the server's log has this name.")],
    scopes: Annotated[str, typer.Option(metavar="NAMES", help="What it allows, as A,B.")] = "totals:read",
) -> None:
    """Create a token. Print it on stdout, once, and its line for the file LEDGER_TOKENS on stderr.

    Examples:
      ip-ledger token dashboard --scopes totals:read,events:read
      ip-ledger token registry --scopes events:publish 2>> tokens.txt
    """
    from ledger.web.tokens import new_token

    made, line = new_token(name, scopes)
    sys.stdout.write(f"{made}\n")
    echo_err(line)
