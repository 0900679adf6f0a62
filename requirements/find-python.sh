#!/bin/sh
# Print the first Python that can make .venv. If there is none, say what was found and what is needed.
# The candidates are the arguments, or the usual names. Each is run, since a name on PATH may be an empty shim.

test $# -gt 0 || set -- python3 python3.13 python3.12 python3.11
found=
for python; do
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
    3.11 | 3.12 | 3.13)
        if "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "$python"
            exit
        fi
        problem="which lacks venv (on Debian or Ubuntu: sudo apt-get install python$version-venv)"
        ;;
    2.* | 3.? | 3.10) problem="which is too old" ;;
    *) problem="which is too new" ;;
    esac
    found="$found
  found $python: Python $version, $problem"
done

cat >&2 <<EOF
The book needs Python 3.11, 3.12 or 3.13 with its venv module.${found:-
  found none; looked for: $*}
If you have one under another name: make html PYTHON=/path/to/python3.13
EOF
exit 1
