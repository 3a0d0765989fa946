#!/bin/bash
# SPDX-License-Identifier: MIT
# The arrows of the house: who may include what.  Prints every offence.
set -u
bad=0
offence() { echo "arrow: $*"; bad=1; }

# only PATTERN-OF-FILES may include HEADER
only() {
	local header=$1 allowed=$2 f
	while IFS=: read -r f _; do
		[[ $f =~ $allowed ]] || offence "$f includes $header"
	done < <(grep -rnE "#include [<\"]$header" --include='*.[ch]' \
		shelterd gis drills inspections clients 2>/dev/null)
}
only 'geos_c\.h' '^gis/'
only 'proj\.h' '^gis/'
only '(protobuf-c/|gis/vector_tile\.pb-c)' '^gis/tile\.c'
only 'sqlite3\.h' '^(shelterd/store/(db|backup)_|shelterd/store/db|clients/field/)'
only 'event2/' '^shelterd/(net/(http_conn|http_listen|sse)|lane_loop|main)'
only '(gdal|ogr|cpl)' '^clients/shelterctl/'
only 'curl/' '^clients/libshelter/'

# pure folders include only themselves and libc
pure() {
	local dir=$1 allowed=$2 line
	while read -r line; do
		offence "$line"
	done < <(grep -rnE '#include ' --include='*.[ch]' "$dir" |
		grep -vE "#include (\"$allowed/|<(std|string|math|errno|inttypes|limits|float|ctype|assert|sys/types|pthread|time)[a-z./]*>)")
}
pure drills drills
pure inspections inspections
while read -r line; do offence "$line"; done < <(
	grep -rnE '#include "(shelterd|drills|inspections|clients)/' gis)
while read -r line; do offence "$line"; done < <(
	grep -rnE '#include "(shelterd|gis|drills|inspections)/' clients)
while read -r line; do offence "$line"; done < <(
	grep -rnE '#include "clients/' shelterd)
# scenarios are run as they are
for f in tests/scenario/*.t; do
	[ -x "$f" ] || offence "$f is not executable"
done
exit $bad
