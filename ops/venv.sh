#!/bin/sh
# Create the virtual environment DIRECTORY with the newest suitable Python, or with PYTHON.
# Keep an existing one unless PYTHON is given.
# Usage: ops/venv.sh DIRECTORY [PYTHON]
set -eu

directory=$1
wanted=${2:-}

suits() {
  # A name on the path may be a dead shim, so run it instead of looking for it.
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -z "$wanted" ] && suits "$directory/bin/python"; then
  exit 0
fi

for python in ${wanted:-python3.13 python3.12 python3.11 python3}; do
  suits "$python" || continue
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$python has no venv. On Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
  fi
  "$python" -m venv --clear "$directory"
  exit 0
done

found=$("${wanted:-python3}" --version 2>&1 || true)
echo "Python 3.11 or newer is needed; found: ${found:-none}." >&2
echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
exit 1
