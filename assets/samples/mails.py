"""Turns raw mails into short, decent texts that name nobody.

What identifies people goes: greetings, signatures, quoted replies, and what scrub.py takes out of the rest. So
does what would give the answer away unread: the footers and subject tags of mailing lists, which no spam has.
"""

import email
import email.policy
import re
from collections.abc import Iterable
from email.message import EmailMessage
from html.parser import HTMLParser

from scrub import scrub

MAX_CHARACTERS = 1000
MIN_CHARACTERS = 100

INDECENT = re.compile(
    r"porn|\bsex|xxx|\bnude|naked|erotic|penis|viagra|cialis|libido|erect(ion|ile)|horny|slut|whore|\btits?\b|"
    r"\bpuss(y|ies)\b|\bcum\b|orgasm|virgin|\bteens?\b|lolita|incest|fuck|shit|bitch|\bcunt|nigg|\bfag|rape|"
    r"breasts?\b|bestial|voyeur|webcam|hardcore|\badult\b|\bgay|lesbian|\bnazi|hitler|jews?\b|muslim|\bsingles\b|"
    r"\bass(es|hole)?\b|\bdick\b|\bcock|web ?cam|\bgirls?\b|islam|terroris|palestin|israel|slaughter|murder|"
    r"suicide|racis|salvia|marijuana|cannabis|your size|satisfy|britney|videotape|endowed|inches",
    re.IGNORECASE,
)
UNFIT = re.compile(
    # Articles that somebody passed on, signed or broken mails.
    r"copyright|©|\(c\) ?\d|all rights reserved|forward(ed)? (text|message|by)|forwarded-by|reuters|\(ap\)|"
    r"correspondent|associated press|the guardian|posted by|(?-i:\bBy [A-Z]{2,} [A-Z]{2,})|reprint|\A\s*<?https?:|"
    r"gnupg|begin pgp|_nextpart|message-id|"
    r"\N{REPLACEMENT CHARACTER}",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"the|to|of|and|an?|in|is|that|for|you|it|on|this|be|with|are|have|not|or|as|your|if")
TYPOGRAPHY = frozenset("…•’‘”“·®™–—£€°éèêáàâíóòôúüöäñç")

FOOTER = re.compile(
    r"^\s*(-- ?$|_{8,}\s*$(?=\s*.{0,80}(mailing list|list-info|unsubscribe|spamassassin))|"
    r"-{8,}\s*$(?=\s*(this sf\.?net|in remembrance|welcome to geek))|-{2,} yahoo! groups|"
    r"to unsubscribe from this group|do you yahoo|.{0,40}mailing list\s*$|irish linux users)",
    re.IGNORECASE | re.MULTILINE,
)
DROPPED_LINE = re.compile(
    r"^\s*(-*[>|:}\]]|\w{1,12}>|-+ ?(original message|forwarded|begin pgp|end pgp)|hash: |url: |"
    r"(from|to|cc|sent|date|subject|reply-to|message-id|forwarded-by): |"
    r".{0,120}\b(wrote|writes|said|scripsit)\s?(:|\.\.\.)\s*$|"
    r"on (mon|tue|wed|thu|fri|sat|sun|\d).{0,80}$|.{0,60}<\S+@\S+>.{0,40}$|[-=_*~#+ ]{4,}$)",
    re.IGNORECASE,
)
SIGN_OFF = re.compile(
    r"^\W*((regards|cheers|thanks|best|yours|sincerely|love|ciao|later)\b\W*)?([A-Z][\w.]*\W*){0,3}$"
)
GREETING = re.compile(r"^\s*(hi|hello|hey|dear)\b[^.!?\n]{0,40}[,:!-]+\s*$", re.IGNORECASE)


def parse(raw: bytes) -> EmailMessage | None:
    """The mail, or None when its headers break the standard beyond reading."""
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        list(mail.items())  # Headers are read lazily: the broken ones show here.
    except (ValueError, IndexError, AttributeError, LookupError, TypeError):
        return None
    return mail


def body_of(mail: EmailMessage) -> str | None:
    """The readable part of a mail as plain text, or None."""
    try:
        part = mail.get_body(("plain", "html"))
        content = part.get_payload(decode=True) if part else None
        charset = part.get_content_charset("ascii") if part else "ascii"
        if not isinstance(content, bytes):
            return None
        # Windows mailers wrote their own code page, whatever they declared.
        text = content.decode("cp1252" if charset in {"us-ascii", "ascii", "iso-8859-1"} else charset)
    except (LookupError, ValueError, AttributeError, TypeError):
        return None
    return html_text(text) if re.search(r"<(html|body|table|font|p|br)\b", text, re.IGNORECASE) else text


def clean(mail: EmailMessage, names: frozenset[str]) -> str | None:
    """Subject and body on one line, of at most about 1,000 characters; None for a mail that is not fit to show."""
    body = body_of(mail)
    if body is None:
        return None
    subject = re.sub(r"\[[^\]]*\]|\b(fwd?|zzzz):?", " ", str(mail.get("Subject", "")), flags=re.IGNORECASE)
    text = f"{subject.strip()}\n{own_words(body)}"
    if any(pattern.search(part) for pattern in (INDECENT, UNFIT) for part in (subject, body)):
        return None
    text = scrub(text, names)
    text = shorten(re.sub(r"\s+", " ", text).strip())
    return text if len(text) >= MIN_CHARACTERS and is_english(text) else None


def own_words(body: str) -> str:
    """A body without quoted replies, greeting, signature and footer."""
    lines = FOOTER.split(body.replace("\r", ""), maxsplit=1)[0].split("\n")
    lines = [line.rstrip() for line in lines if not DROPPED_LINE.match(line) and not GREETING.match(line)]
    while lines and SIGN_OFF.match(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def distinct(texts: Iterable[str]) -> list[str]:
    """The texts that share at most a quarter of their runs of six words with earlier ones.

    Senders of bulk mail repeat themselves with small changes, and a copy of a training mail among the validation
    mails would flatter a model.
    """
    seen: set[tuple[str, ...]] = set()
    kept = []
    for text in texts:
        words = re.findall(r"\w+", text.lower())
        runs = set(zip(*(words[start:] for start in range(6)), strict=False))
        if len(runs & seen) * 4 <= len(runs):
            kept.append(text)
        seen |= runs
    return kept


def shorten(text: str) -> str:
    """At most `MAX_CHARACTERS`, cut between words."""
    return text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS].rsplit(" ", 1)[0] + " …"


def is_english(text: str) -> bool:
    """Whether no letter is foreign to English, and enough of the commonest English words are among the words."""
    words = re.findall(r"[a-z']+", text.lower())
    plain = sum(character.isascii() for character in text) >= 0.98 * len(text)
    return (
        plain
        and sum(bool(ENGLISH.fullmatch(word)) for word in words) >= 0.15 * len(words)
        and max(map(len, words)) <= 30
    )


class _Text(HTMLParser):
    """Collects what a browser would show."""

    BREAKS = frozenset({"br", "p", "div", "tr", "li", "table", "h1", "h2", "h3", "center", "td"})
    HIDDEN = frozenset({"style", "script", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Starts a new line, or what is not shown."""
        self.hidden = tag in self.HIDDEN
        if tag in self.BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Ends what is not shown."""
        self.hidden = self.hidden and tag not in self.HIDDEN

    def handle_data(self, data: str) -> None:
        """Keeps what is shown."""
        if not self.hidden:
            self.pieces.append(data.replace("\n", " "))


def html_text(content: str) -> str:
    """The visible text of an HTML mail."""
    parser = _Text()
    parser.feed(content)
    parser.close()
    return "".join(parser.pieces)
