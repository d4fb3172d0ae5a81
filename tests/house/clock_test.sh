#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nothing that we build reads the date: a clock that is set changes no deadline.
#   clock_test.sh FILE...    libraries and programs, whose own sources are below src
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
calls='time|gettimeofday|settimeofday|ftime|clock|timespec_get|localtime(_r)?|gmtime(_r)?|pthread_cond_timedwait|pthread_mutex_timedlock|sem_timedwait'
bad=0

reads_date() { # what nm says of a file
	grep -E "^ +U ($calls)(@.*)?$"
}
names_date() { # files
	grep -nE 'CLOCK_(REALTIME|TAI)|TIMER_ABSTIME|__DATE__|__TIME__' "$@"
}

# That it can fail.
printf '                 U gettimeofday@GLIBC_2.2.5\n' | reads_date >/dev/null || { echo "FAILED: a call of the date is not found"; bad=1; }
printf '                 U clock_gettime@GLIBC_2.17\n                 U times\n' | reads_date && { echo "FAILED: another call is taken for one"; bad=1; }
printf 'clock_gettime(CLOCK_REALTIME, &now);\n' | names_date - >/dev/null || { echo "FAILED: the clock of the date is not found"; bad=1; }

[ $# -gt 0 ] || { echo "FAILED: no file is given"; bad=1; }
for file; do
	found=$(nm -D --undefined-only "$file") || { bad=1; continue; }
	if printf '%s\n' "$found" | reads_date; then
		echo "FAILED: $file reads the date"
		bad=1
	fi
done
if find src -name '*.[ch]' -print0 | xargs -0 grep -lE 'clock_gettime' | grep -vxE 'src/(base/sys|cli/screen).c'; then
	echo "FAILED: in the library only src/base/sys.c reads a clock"
	bad=1
fi
mapfile -d '' -t sources < <(find src -name '*.[ch]' -print0)
if names_date "${sources[@]}"; then
	echo "FAILED: a source names the date"
	bad=1
fi
exit $bad
