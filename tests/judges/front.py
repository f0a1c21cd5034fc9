"""What stands before the bot and takes Slack's requests for it: in production it ends TLS, here it passes bytes on."""

import socket
import socketserver
import threading

from child import DEADLINE_SECONDS
from loopback import Served


class Front(Served):
    """It has its address from the start, and passes on from when it knows where the bot listens."""

    def __init__(self):
        front = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                if front.bot is not None:
                    _relay(self.request, front.bot)

        self.bot = None
        super().__init__(Handler, socketserver.ThreadingTCPServer)


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
