#!/bin/bash
# SPDX-License-Identifier: MIT
# Twenty kill -9 at random moments under write load, then torn journals; see
# tests/kill. `make kill` does a thousand.
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
exec "$BUILD/kill" -r 20 -t 10 "$BUILD/shelterd"
