"""Writes manifests.json: manifests as people have them, and what pandas reads from each.

Made with pandas 3 and Python's pathlib on Linux. The bytes of a manifest are in base64. Every row is the name that the manifest
has, the image of `IMAGES` that it means, and its class; `say` is what only a person can say (the separator, the columns), in
the words of `ManifestColumns`.
"""

import base64
import io
import json
import os
import pathlib

import pandas

HERE = os.path.dirname(os.path.abspath(__file__))

IMAGES = [
    "a.jpg", "b.png", "c.jpeg", "cats/1.jpg", "cats/2.jpg", "dogs/1.jpg", "dogs/2.jpg", "dögs/ü 3.jpg", "d,e.jpg",
    'say "hi".png', "x;y.jpg", "犬/一.png", "007.jpg",
]
ROOT = pathlib.PurePosixPath("photos")  # the manifests lie in photos, so that `../photos/a.jpg` is a.jpg

PLAIN = pandas.DataFrame({"filename": ["a.jpg", "b.png", "c.jpeg", "cats/1.jpg"], "class": ["x", "y", "y", "x"]})
HARD = pandas.DataFrame({
    "filename": ["d,e.jpg", 'say "hi".png', "x;y.jpg", "dögs/ü 3.jpg", "犬/一.png"],
    "class": ["cats, big", 'the "dog"', "a;b", "öäü", "日本\n犬"]})
ONE_HOT = pandas.DataFrame({"image": ["a", "b", "c"], "cat": [1, 0, 0], "dog": [0, 1, 0], "fox": [0, 0, 1]})
WINDOWS = pandas.DataFrame({"filename": ["cats\\1.jpg", "cats\\2.jpg", "dogs\\1.jpg"], "class": ["c", "c", "d"]})
PARENTS = pandas.DataFrame({"filename": ["..\\photos\\cats\\1.jpg", "cats\\..\\dogs\\2.jpg", ".\\a.jpg"], "class": ["c", "d", "a"]})


def image(name):
    """The image that a name means, by pathlib: slashes, the steps taken, and the ending where it is left out."""
    path = os.path.normpath(str(ROOT / pathlib.PureWindowsPath(name).as_posix() if "\\" in name else ROOT / name))
    for known in IMAGES:
        whole = str(ROOT / known)
        if path == whole or path == os.path.splitext(whole)[0]:
            return known
    return None


CASES = []


def case(about, name, data, read=None, file="filename", label="class", hot=None, say=None):
    """Reads `data` by pandas with the options `read`; `hot` are the columns of which one is marked."""
    data = data.encode() if isinstance(data, str) else data
    options = dict(dtype=str, keep_default_na=False) | (read or {})
    if "json" in name:
        frame = pandas.read_json(io.BytesIO(data), lines=True, dtype=False, **(read or {}))
    else:
        frame = pandas.read_csv(io.BytesIO(data), **options)
    if hot:
        marks = frame[hot].apply(lambda column: column.map(lambda value: str(value).strip().lower().replace(",", ".")))
        marks = marks.isin(["1", "1.0", "true", "yes", "t", "y"])
        assert (marks.sum(axis=1) == 1).all(), about
        labels = marks.idxmax(axis=1)
    else:
        labels = frame[label]
    rows = [[str(name), image(str(name)), str(value)] for name, value in zip(frame[file], labels)]
    assert all(row[1] for row in rows), (about, rows)
    CASES.append({
        "about": about, "name": name, "bytes": base64.b64encode(data).decode(), "rows": rows,
        "classes": sorted({row[2] for row in rows}), "say": say or {}})


def written(frame, encoding="utf-8", **options):
    return frame.to_csv(index=options.pop("index", False), **options).encode(encoding)


def main():
    for about, frame in (("plain", PLAIN), ("hard", HARD)):
        for word, separator in (("commas", ","), ("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
            case(f"{about}, {word}", "m.csv", written(frame, sep=separator), dict(sep=separator))
        for word, end in (("CR LF", "\r\n"), ("CR", "\r")):
            # Python quotes a line end in a field only where it is that of the lines, so it is quoted here in any case.
            case(f"{about}, {word}", "m.csv", written(frame, lineterminator=end, quoting=0 if about == "plain" else 2))
        case(f"{about}, everything quoted", "m.csv", written(frame, quoting=1))
        case(f"{about}, everything quoted, CR", "m.csv", written(frame, quoting=1, lineterminator="\r"))
        for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
            data = written(frame, encoding, sep="\t", lineterminator="\r\n")
            case(f"{about}, {encoding}", "m.tsv", data, dict(sep="\t", encoding=encoding))
    case("UTF-16 and CR", "m.csv", written(PLAIN, "utf-16", lineterminator="\r"), dict(encoding="utf-16"))
    case("index of pandas", "m.csv", written(PLAIN, index=True))
    case("numbers of rows by R", "m.csv", '"filename","class"\n"1","a.jpg","x"\n"2","b.png","y"\n', dict(index_col=None))
    case("a separator behind every line", "m.csv", "filename;class\na.jpg;x;\nb.png;y;\n", dict(sep=";", index_col=False))
    case("empty lines", "m.csv", "\nfilename,class\n\na.jpg,x\n   \nb.png,y\n\n\n")
    case("no line end at the end", "m.csv", "filename,class\na.jpg,x\nb.png,y")
    case("mixed line ends", "m.csv", "filename,class\r\na.jpg,x\nb.png,y\rc.jpeg,x\r\n")
    case("other columns", "m.csv", "class,w,filename,note\nx,0.5,a.jpg,\ny,1,b.png,\"p, q\"\n")
    case("classes that are numbers", "m.csv", "filename,class\na.jpg,01\nb.png,1\nc.jpeg,10\n")
    case("classes that look like nothing", "m.csv", "filename,class\na.jpg,NA\nb.png,None\nc.jpeg,null\n")
    case("usual names", "m.csv", "id,breed\n007,pug\na,fox\n", file="id", label="breed")
    case("named columns", "m.csv", "k,v\na.jpg,x\nb.png,y\n", file="k", label="v", say={"file": "k", "label": "v"})
    case("a named separator", "m.csv", "filename:class\na.jpg:x\nb.png:y\n", dict(sep=":"), say={"separator": ":"})
    case("no line of names", "m.csv", "a.jpg,x\nb.png,y\n", dict(header=None), file=0, label=1)
    hot = ["cat", "dog", "fox"]
    for about, value in (("numbers", int), ("fractions", float), ("True and False", bool)):
        case(f"one-hot, {about}", "m.csv", written(ONE_HOT.astype({name: value for name in hot})), file="image", hot=hot)
    for no, yes in (("no", "yes"), ("FALSE", "TRUE"), ("f", "t"), ("N", "Y")):
        data = written(ONE_HOT.replace({name: {0: no, 1: yes} for name in hot}))
        case(f"one-hot, {no} and {yes}", "m.csv", data, file="image", hot=hot)
    case("one-hot, decimal commas", "m.csv", written(ONE_HOT.astype({name: float for name in hot}), sep=";", decimal=","),
         dict(sep=";"), file="image", hot=hot)
    case("one-hot, spaces", "m.csv", "image,cat,dog\na, 1, 0\nb, 0, 1\n", file="image", hot=["cat", "dog"])
    case("Windows", "m.csv", written(WINDOWS))
    case("Windows, quoted", "m.csv", written(WINDOWS, quoting=1, lineterminator="\r\n"))
    case("steps up", "m.csv", "filename,class\n../photos/cats/1.jpg,c\ncats/../dogs/2.jpg,d\n./a.jpg,a\n")
    case("steps up, no endings", "m.csv", "filename,class\n../photos/cats/1,c\ncats/../dogs/2,d\n./a,a\n")
    case("steps up on Windows", "m.csv", written(PARENTS))
    case("steps up on Windows, no endings", "m.csv", written(PARENTS).replace(b".jpg", b""))
    for about, frame in (("plain", PLAIN), ("hard", HARD), ("steps up on Windows", PARENTS)):
        case(f"lines, {about}", "m.jsonl", frame.to_json(orient="records", lines=True))
    case("lines, no escapes", "m.ndjson", HARD.to_json(orient="records", lines=True, force_ascii=False))
    for about, value in (("numbers", int), ("True and False", bool)):
        data = ONE_HOT.astype({name: value for name in hot}).to_json(orient="records", lines=True)
        case(f"lines, one-hot, {about}", "m.jsonl", data, file="image", hot=hot)
    with open(os.path.join(HERE, "manifests.json"), "w") as file:
        json.dump({"images": IMAGES, "cases": CASES}, file, indent=1, ensure_ascii=False)
        file.write("\n")


main()
