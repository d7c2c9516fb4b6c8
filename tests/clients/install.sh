#!/bin/sh
# Install what the programs of examples/clients and the TypeScript client need into a directory, beside copies of them.
# A toolchain that is not there is left out.
# Usage: tests/clients/install.sh DIRECTORY
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
cd "$1"
cp -R "$root/examples/clients/." "$root/clients/typescript" .

have() {
  command -v "$1" > /dev/null || { echo "no $1 here: left out" >&2; return 1; }
}

if have mvn; then
  mvn -q -f java/pom.xml dependency:copy-dependencies -DoutputDirectory=jars
fi
if have npm; then
  # node-rdkafka is compiled, for the headers of the node that is installed.
  headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  npm install --prefix node --no-audit --no-fund --loglevel error --nodedir="$headers"
  npm install --prefix typescript --no-audit --no-fund --loglevel error
fi
if have go; then
  (cd go && go mod tidy)
fi
if have cargo; then
  (cd rust && cargo build --quiet)
fi
"${PYTHON:-python3}" -m venv python/venv
python/venv/bin/pip install --quiet --disable-pip-version-check -r python/requirements.txt
