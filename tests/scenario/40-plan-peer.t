#!/bin/bash
# SPDX-License-Identifier: MIT
# The solver beside LEMON's network simplex on random small problems of every
# awkward kind: tied, infeasible, empty, without places, with huge numbers.
. "$(dirname "$0")/lib.sh"

out=$("$BUILD/peers/assign_peer" random 400)
is $? 0 'LEMON agrees on every problem'
is "$out" '{"problems":400,"different":0}' 'all 400 were asked'
done_testing
