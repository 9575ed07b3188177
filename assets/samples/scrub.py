"""Takes out of a text whom it names: addresses, links, phone and other long numbers, and people's names."""

import re
from collections import Counter
from collections.abc import Iterable
from email.message import EmailMessage

WORD = re.compile(r"[^\W\d_]+")

# Words of list, firm and place names, found by looking through what the senders' headers give.
NOT_NAMES = re.compile(
    r"and|the|for|from|list|mail|news|post|web|net|org|com|inc|team|group|admin|users?|support|service|info|linux|"
    r"debian|red|hat|redhat|java|perl|python|yahoo|hotmail|internet|computer|guardian|security|software|systems|"
    r"technology|networks?|services|online|media|free|american|irish|dublin|ireland|sun|washington|french|germany|"
    r"florida|labs|bugtraq|webappsec|bearer|rodent|checker|gardener|burger|rice|inn|lake|fort|villa|bell|hall",
    re.IGNORECASE,
)
TOKENS = (
    (re.compile(r"(https?|\bftp)\s?:\s?/+\s?\S*|\bwww\.\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"<?\S*\w\S*@\S+|\b\S+ (at|AT) \S+ (dot|DOT) \w+"), "[mail]"),
    (
        re.compile(r"\b[\w-]+(\.[\w-]+)*\.(com|net|org|edu|gov|info|biz|tv|[a-z]{2}(?=/))\b\S*", re.IGNORECASE),
        "[link]",
    ),
    (re.compile(r"\[(link|mail)\]([\W_]*\[\1\])+"), r"[\1]"),
    (re.compile(r"(?<![\w$.,])(\+?\d[\s().-]{0,2}|\(\d)(\d[\s().-]{0,2}){6,}\d(x\d+)?(?![\w%])"), "[phone]"),
    (
        re.compile(r"\b\d{1,5}( [A-Z][\w.]*){1,3} (St|Street|Ave|Avenue|Rd|Road|Blvd|Drive|Dr|Suite|Lane)\b\.?"),
        "[address]",
    ),
    (re.compile(r"(?<![$\d,.])\b\d{7,}\b"), "[number]"),
    # What the corpus's makers put, or forgot to put, for the owners of the mailboxes.
    (re.compile(r"\b(jm\d*|yyyy+|zzzz+)\b", re.IGNORECASE), "[name]"),
)

NAMES_IN_CONTEXT = (
    (
        re.compile(
            r"\b(M(?i:r|rs|s|iss)|D(?i:r)|P(?i:rof|rince)|B(?i:arr|arrister))\b\.?,?"
            r"( ?([A-Z]\w*|\[name\])\.?){1,3}"
        ),
        r"\1. [name]",
    ),
    (re.compile(r"\b([Mm]y name is|I am|I'm|This is)( ([A-Z]\w+|\[name\])){2,3}"), r"\1 [name]"),
    (re.compile(r"\[name\]\"?(( and|,)?( [A-Z]\.)* ([A-Z][\w-]+|\[name\]))+"), "[name]"),
)


def scrub(text: str, names: frozenset[str]) -> str:
    """The text with addresses, links, numbers and names replaced by what they were."""
    for pattern, token in TOKENS:
        text = pattern.sub(token, text)
    text = WORD.sub(
        lambda match: "[name]" if match[0].title() in names and match[0][0].isupper() else match[0], text
    )
    for pattern, token in NAMES_IN_CONTEXT:
        text = pattern.sub(token, text)
    return text


def header_names(mail: EmailMessage) -> set[str]:
    """Words that are capitalised in the names of the mail's sender and receivers."""
    headers = [str(value) for key in ("From", "To", "Cc", "Reply-To") for value in mail.get_all(key, [])]
    shown = " ".join(re.sub(r"<[^>]*>|\S+@\S+|\[.*?\]", " ", header) for header in headers)
    return {word.title() for word in WORD.findall(shown) if word[0].isupper() and len(word) > 2}


def find_names(mails: Iterable[EmailMessage], bodies: Iterable[str]) -> frozenset[str]:
    """Words of people's names, but for those that are as often written in lower case: Will, Mark, May."""
    counts = Counter(word for body in bodies for word in WORD.findall(body))
    words = {word for mail in mails for word in header_names(mail) if not NOT_NAMES.fullmatch(word)}
    return frozenset(word for word in words if counts[word.lower()] * 4 <= counts[word])
