#!/bin/sh
# Stands for kafka-acls.sh: prints its arguments on a line, each with a tab behind it.
printf '%s\t' "$@"
echo
