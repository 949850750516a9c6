#!/bin/sh
# json-number.sh KEY < JSON - the first number under that key; nothing, and exit 1, when there is none. For test scripts.
sed -n 's/.*"'"$1"'":[[:space:]]*\(-\{0,1\}[0-9.eE+-]\{1,\}\).*/\1/p' | head -n 1 | grep .
