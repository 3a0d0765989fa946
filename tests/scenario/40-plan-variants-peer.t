#!/bin/bash
# SPDX-License-Identifier: MIT
# Variants of the plan beside LEMON, which is asked in other words: keeping an
# old plan at single prices and along the whole trade-off, queues, late people.
. "$(dirname "$0")/lib.sh"

out=$("$BUILD/peers/variant_peer" 600)
is $? 0 'LEMON agrees on every problem'
is "$out" '{"problems":600,"keep":0,"tradeoff":0,"queue":0,"late":0}' \
	'all 600 were asked'
done_testing
