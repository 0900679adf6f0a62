#!/usr/bin/env bash
# Install a lock with .venv's pip: requirements/install.sh LOCK [pip option ...]. One line of progress per 20 packages.
set -euo pipefail

lock=$1
shift
total=$(grep -c '==' "$lock")
count=0
echo "Installing $lock (packages: $total)"
.venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r "$lock" "$@" |
    while IFS= read -r line; do
        case $line in
        Collecting* | Processing* | Requirement* | Ignoring*)
            count=$((count + 1))
            if ((count % 20 == 0)); then echo "  fetched $count of $total"; fi
            ;;
        Installing*) echo "  writing them to disk" ;;
        esac
    done
