from pathlib import Path

import pytest

from leyden.datasets.encoding import check_encoding, detect_encoding, to_utf8
from leyden.errors import DataError

CHINESE = "姓名,城市,备注\n张三,北京,这是一个测试\n李四,上海,我们在学习\n"
FRUIT = "品种,产地\n苹果,烟台\n香蕉,海南\n梨,砀山\n"
FRENCH = "nom,ville\nAndré,Orléans\nZoé,Besançon\n"
GERMAN = "name;größe\nMüller;1,5\nStraße;2,3\n"
RUSSIAN = "имя,город\nИван,Москва\nПётр,Казань\nМария,Нижний Новгород\n"
JAPANESE = "名前,都市\nさくら,とうきょう\nたろう,おおさか\nハナコ,キョウト\n"
KOREAN = "이름,도시\n홍길동,서울\n김철수,부산에서 살고 있습니다\n"
POLISH = "imię,miasto\nŁukasz,Łódź\nŚwiętosława,Kraków\n"
CURLY = "a,b\n“x”,5 €\n"
LATE = "a,b\n" + "x,1\n" * 300_000 + "España,3\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (CHINESE, "utf-16-le"),
        (CHINESE, "utf-16-be"),
        (CHINESE, "gb18030"),
        (FRUIT, "gb18030"),
        (FRENCH, "latin-1"),
        (GERMAN, "latin-1"),
        (CURLY, "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (LATE, "latin-1"),
        (LATE, "utf-8"),
    ],
    ids=lambda value: value if len(value) < 12 else value[:6].strip(),
)
def test_text_survives_its_encoding(tmp_path: Path, text: str, encoding: str):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    found = detect_encoding(path)
    copy = to_utf8(path, found, tmp_path / "copy.csv")
    assert copy.path.read_text(encoding="utf-8") == text
    assert copy.num_replaced == 0


def test_plain_utf8_is_not_copied(tmp_path: Path):
    path = tmp_path / "file.csv"
    path.write_text(FRENCH, encoding="utf-8")
    assert to_utf8(path, "utf-8", tmp_path / "copy.csv").path == path


def test_a_few_broken_bytes_do_not_make_it_another_encoding(tmp_path: Path):
    path = tmp_path / "file.csv"
    path.write_bytes((FRENCH * 20).encode() + b"caf\xe9,x\n")
    assert detect_encoding(path) == "utf-8"
    copy = to_utf8(path, "utf-8", tmp_path / "copy.csv")
    assert copy.num_replaced == 1
    assert copy.path.read_text(encoding="utf-8").endswith("caf�,x\n")


def test_binary_is_refused(tmp_path: Path):
    path = tmp_path / "file.csv"
    path.write_bytes(bytes([0, 0, 0, 1, 2, 0, 0, 0, 0, 9]) + bytes(range(1, 256)) * 10)
    with pytest.raises(DataError, match="binary"):
        detect_encoding(path)


def test_chosen_encodings_are_checked():
    assert check_encoding("GBK") == "gbk"
    with pytest.raises(DataError, match="no text encoding called 'klingon'"):
        check_encoding("klingon")
