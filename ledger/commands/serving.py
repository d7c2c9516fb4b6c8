"""The command `serve`: pages, API and live stream on one address."""

from __future__ import annotations

from typing import Annotated

import typer

from ledger.commands.context import running_cluster, settings
from ledger.commands.exit_codes import Exit
from ledger.commands.talk import talk


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; other than loopback needs authentication.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free port.")] = 8000,
) -> None:
    """Serve the dashboard, the API and the live stream, until SIGTERM.

    Examples:
      ip-ledger serve
      LEDGER_BOOK=/srv/book.db ip-ledger serve --port 8080
    """
    from ledger import logs
    from ledger.web.app import create_app
    from ledger.web.server import listen, run

    logs.configure()
    app = create_app(settings(), running_cluster())
    with listen(host, port) as sock:
        address = f"http://{'[' + host + ']' if ':' in host else host}:{sock.getsockname()[1]}/"
        interrupted = run(app, sock, lambda: talk(f"Serving {settings().book} at {address}"))
    raise typer.Exit(Exit.INTERRUPTED if interrupted else Exit.FINE)
