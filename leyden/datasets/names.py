"""What a column's name says about it: whether it is a target, a label, an id or a date."""

import re

TARGETS = (
    "target", "label", "labels", "class", "y", "outcome", "species", "survived", "diagnosis", "response", "result",
    "output", "churn", "default", "sentiment", "quality", "price", "saleprice", "medv", "mpg", "income", "salary",
    "charges", "strength", "rating", "score", "is_spam", "spam", "fraud", "approved", "grade", "category", "type",
    "标签", "类别", "目标", "分类", "价格", "结果",
)  # fmt: skip
"""Names of columns that people usually predict, most telling first."""
LABELS = frozenset({"target", "label", "labels", "class", "species", "category", "y", "标签", "类别", "分类"})
TARGET_WORDS = ("target", "label", "class", "outcome", "price", "value", "result", "response")
"""Words that make a longer name that of a target when one of them comes last."""
IDS = frozenset(
    {"id", "index", "idx", "key", "uuid", "guid", "no", "nr", "number", "row", "rownames", "编号", "序号"}
)
DATES = frozenset(
    {"date", "day", "month", "year", "time", "timestamp", "hour", "日期", "时间", "年", "年份", "月"}
)


def words_of(name: str) -> list[str]:
    """The lower-case words of a name: of `petalLength_cm`, petal, length and cm."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[^0-9a-z\u3040-\u9fff\uac00-\ud7af]+", spaced.lower()) if word]


def target_rank(name: str) -> int | None:
    """How much a name sounds like a target's, 0 the most; None when it does not."""
    words = words_of(name)
    joined = "_".join(words)
    if joined in TARGETS:
        return TARGETS.index(joined)
    return len(TARGETS) if words and words[-1] in TARGET_WORDS else None


def is_label_name(name: str) -> bool:
    """Whether the name is that of a class."""
    return "_".join(words_of(name)) in LABELS


def is_id_name(name: str) -> bool:
    """Whether the name is that of an identifier."""
    words = words_of(name)
    return bool(words) and (words[-1] in IDS or words[0] in {"id", "unnamed"})


def is_date_name(name: str) -> bool:
    """Whether the name is that of a date or a part of one."""
    return bool(DATES.intersection(words_of(name)))
