"""What stands before the bot and takes Slack's requests for it: in production it ends TLS, here it passes bytes on."""

import socket
import socketserver
import threading

from child import DEADLINE_SECONDS


class Front:
    """It has its address from the start, and passes on from when it knows where the bot listens."""

    def __init__(self):
        front = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                if front.bot is not None:
                    _relay(self.request, front.bot)

        self.bot = None
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=DEADLINE_SECONDS)


def _relay(client, bot):
    with socket.create_connection(bot, timeout=DEADLINE_SECONDS) as server:
        answering = threading.Thread(target=_copy, args=(server, client), daemon=True)
        answering.start()
        _copy(client, server)
        answering.join(timeout=DEADLINE_SECONDS)


def _copy(source, destination):
    try:
        while piece := source.recv(65536):
            destination.sendall(piece)
        destination.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # One of the two has hung up, and whoever waits for the other sees it.
