#!/bin/sh
# Install the generators of types, at the versions named here, into a directory. A toolchain that is not there is left out.
# Usage: tests/generators/install.sh DIRECTORY
set -eu

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
there=$(cd "$1" && pwd)

have() {
  command -v "$1" > /dev/null || { echo "no $1 here: left out" >&2; return 1; }
}

cp "$here/package.json" "$here/pom.xml" "$there"
if have npm; then
  npm install --prefix "$there" --no-audit --no-fund --loglevel error
fi
if have mvn; then
  mvn -q -f "$there/pom.xml" dependency:copy-dependencies -DoutputDirectory="$there/jars"
fi
if have go; then
  GOBIN="$there/bin" go install github.com/atombender/go-jsonschema@v0.24.1
fi
"${PYTHON:-python3}" -m venv "$there/python"
"$there/python/bin/pip" install --quiet --disable-pip-version-check datamodel-code-generator==0.89.0 pydantic==2.14.4
