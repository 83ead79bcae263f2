"""The mail queue empties once, whatever fails on the way; a small SMTP server stands at the end."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import ClassVar

import pytest

from codial_tui.bootstrap import start
from codial_tui.errors import Refused
from codial_tui.models.database import Database
from codial_tui.services.context import Context
from codial_tui.services.documents import documents, entering
from codial_tui.services.documents.editing import Editor
from codial_tui.services.paper import mailing, printing
from codial_tui.services.records import company, parties

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


class Server(socketserver.ThreadingTCPServer):
    """Takes mail, or refuses recipients that are in `refused`."""

    allow_reuse_address = True
    daemon_threads = True
    mails: ClassVar[list[bytes]] = []
    refused: ClassVar[set[str]] = set()


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            word = line.decode().strip()
            if word.upper().startswith("RCPT"):
                address = word.partition("<")[2].partition(">")[0]
                self.say("550 no" if address in Server.refused else "250 ok")
            elif word.upper() == "DATA":
                self.say("354 go")
                content = b""
                for part in self.rfile:
                    if part == b".\r\n":
                        break
                    content += part
                Server.mails.append(content)
                self.say("250 kept")
            elif word.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def port() -> Iterator[int]:
    Server.mails.clear()
    Server.refused.clear()
    with Server(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def context(database: Database) -> Context:
    """A company with one message in its queue."""
    context = start(database, program="test", clock=lambda: NOON, login="claire")
    company.init(context, "Essai", email="contact@essai.example")
    party = parties.create(context, {"name": "MARTIN"})
    editor = Editor(context, documents.create(context, "quote", party))
    entering.enter(editor, entering.read(editor, ".Pose;2 h x48", None), None)
    target = printing.ToMail(("p@martin.example",), copies_to=("c@martin.example",))
    printing.print_document(context, editor, target)
    return context


def state(context: Context) -> tuple[str, int]:
    (one,) = mailing.queue(context)
    return one.state, one.tries


def test_a_message_leaves_once_with_its_pdf(context: Context, port: int) -> None:
    mailing.configure(context, "127.0.0.1", "none", port)
    assert mailing.send(context) == mailing.Outcome(sent=1)
    assert mailing.send(context) == mailing.Outcome()
    (raw,) = Server.mails
    mail = message_from_bytes(raw, policy=default)
    assert (mail["From"], mail["To"], mail["Cc"]) == (
        "contact@essai.example",
        "p@martin.example",
        "c@martin.example",
    )
    assert mail["Subject"] == "Devis DE26-00001"
    assert mail["Message-ID"].endswith("@essai.example>")
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [
        "Bonjour,",
        "",
        "Veuillez trouver ci-joint notre document DE26-00001.",
        "",
        "Essai",
    ]
    (pdf,) = mail.iter_attachments()
    assert pdf.get_filename() == "DEVIS DE26-00001.pdf"
    kept = context.database.value("SELECT content FROM attachment_content")
    assert pdf.get_content() == bytes(kept)
    assert state(context) == ("sent", 1)


def test_what_is_refused_is_tried_again_later_then_given_up(context: Context, port: int) -> None:
    mailing.configure(context, "127.0.0.1", "none", port)
    Server.refused.update({"p@martin.example", "c@martin.example"})
    assert mailing.send(context) == mailing.Outcome(failed=1)
    assert mailing.send(context) == mailing.Outcome()  # not due yet
    assert "550" in mailing.queue(context)[0].error
    for day in range(1, mailing.MOST_TRIES):
        context.clock = lambda day=day: NOON + timedelta(days=day)  # type: ignore[misc]
        assert mailing.send(context) == mailing.Outcome(failed=1)
    assert state(context) == ("failed", mailing.MOST_TRIES)
    context.clock = lambda: NOON + timedelta(days=99)
    assert mailing.send(context) == mailing.Outcome()


def test_a_message_another_sender_took_is_left_to_it(context: Context, port: int) -> None:
    mailing.configure(context, "127.0.0.1", "none", port)
    assert mailing._claim(context, 1)
    assert not mailing._claim(context, 1)
    assert mailing.send(context) == mailing.Outcome()
    context.clock = lambda: NOON + mailing.CLAIM  # it died: the message is free again
    assert mailing.send(context) == mailing.Outcome(sent=1)


def test_without_a_server_everything_waits(context: Context, port: int) -> None:
    with pytest.raises(mailing.MailFailed):
        mailing.send(context)
    mailing.configure(context, "127.0.0.1", "starttls", port)  # which this server cannot
    with pytest.raises(mailing.MailFailed):
        mailing.send(context)
    assert state(context) == ("queued", 0)
    assert Server.mails == []


@pytest.mark.parametrize(("host", "port"), [("", 0), ("a b", 0), ("http://x", 0), ("x", 70_000)])
def test_a_wrong_server_is_refused(context: Context, host: str, port: int) -> None:
    with pytest.raises(Refused):
        mailing.configure(context, host, "tls", port)
