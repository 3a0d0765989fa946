#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs from Debian's packages what a step needs and the machine lacks.
# usage: setup.sh build|demo|test|bench …   (root, or a user with sudo)
set -eu

build='gcc libc6-dev make pkg-config libevent-dev libsqlite3-dev libgeos-dev
	libproj-dev proj-data libcjson-dev libsodium-dev libssl-dev
	libprotobuf-c-dev protobuf-c-compiler
	libcurl4-openssl-dev libgdal-dev'
web='nodejs npm ca-certificates'
demo='curl jq'
test='g++ clang libclang-rt-14-dev clang-format libcmocka-dev perl curl jq
	sqlite3 liblemon-dev
	libsqlite3-mod-spatialite gdal-bin chromium fonts-noto-cjk'
bench='nginx libnginx-mod-nchan postgresql-15 postgresql-15-postgis-3 g++
	liblemon-dev gdal-bin osmium-tool time wrk sqlite3 jq curl
	bsdextrautils'

missing() {
	for p in "$@"; do
		case $p in
		nodejs) command -v node >/dev/null && continue ;;
		npm) command -v npm >/dev/null && continue ;;
		esac
		dpkg-query -W -f='${Status}' "$p" 2>/dev/null |
			grep -q 'ok installed' || printf '%s ' "$p"
	done
}

wanted=
for step in "$@"; do
	case $step in
	build) wanted="$wanted $build" ;;
	web) wanted="$wanted $web" ;;
	demo) wanted="$wanted $build $web $demo" ;;
	test) wanted="$wanted $build $web $demo $test" ;;
	bench) wanted="$wanted $build $demo $bench" ;;
	*) echo "setup.sh: no step '$step'" >&2; exit 2 ;;
	esac
done

# shellcheck disable=SC2086
lacking=$(missing $wanted)
[ -n "$lacking" ] || exit 0
command -v apt-get >/dev/null || {
	echo "setup.sh: not a Debian machine; please install: $lacking" >&2
	exit 1
}
root=
[ "$(id -u)" = 0 ] || root=sudo
echo "setup: installing $lacking"
export DEBIAN_FRONTEND=noninteractive
$root apt-get -qq update
# shellcheck disable=SC2086
$root apt-get -qq install -y --no-install-recommends $lacking >/dev/null
