#!/usr/bin/env bash
# Run once, when Gradescope builds the image. What stands between @ signs autograder-zip fills in.
set -euo pipefail
here=${AUTOGRADER:-/autograder}/source
export DEBIAN_FRONTEND=noninteractive

stop() {
  printf 'mg-grade: %s\n' "$1" >&2
  exit 1
}

runs_the_kit() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

apt-get update -qq || stop @NO_PACKAGES@
# A sandbox needs no more than this; where it cannot run in Gradescope's containers, Landlock takes its place.
apt-get install -y -qq bubblewrap || printf 'mg-grade: %s\n' @NO_BUBBLEWRAP@ >&2

# The distribution's own Python, or an additional one of its packages.
python=
for version in 3 3.14 3.13 3.12 3.11; do
  apt-get install -y -qq "python$version" "python$version-venv" >/dev/null 2>&1 || true
  if runs_the_kit "python$version"; then
    python=python$version
    break
  fi
done
# Or one that uv brings.
if [ -z "$python" ]; then
  uv=$(command -v uv) || uv=$here/uv/bin/uv
  export UV_PYTHON_INSTALL_DIR=$here/python
  if { [ -x "$uv" ] || { python3 -m venv "$here/uv" && "$here/uv/bin/python" -m pip install -q uv; }; } &&
    "$uv" python install 3.12; then
    python=$("$uv" python find 3.12) || python=
  fi
fi
if [ -z "$python" ] || ! runs_the_kit "$python"; then
  stop @NO_PYTHON@
fi

"$python" -m venv "$here/venv" || stop @NOT_INSTALLED@
"$here/venv/bin/python" -m pip install -q -r "$here/requirements.txt" || stop @NOT_INSTALLED@
PYTHONPATH=$here "$here/venv/bin/python" -m grader --version || stop @NOT_INSTALLED@
