#!/bin/sh
# Makes .build/python the virtual environment that requirements.txt describes. Silent and quick when it already is.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH= cd -- "$here/../.." && pwd)
environment=$root/.build/python
stamp=$environment/.requirements
wanted=$(cd "$here" && sha256sum requirements.txt environment.sh)

is_current() {
    [ -x "$environment/bin/python" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]
}

is_current && exit 0

# The wheels are built for this version alone.
python=
for candidate in /usr/bin/python3.11 python3.11; do
    if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo 'Python 3.11 with venv is missing: apt-get install --yes python3.11 python3.11-venv' >&2
    exit 69
fi

# Two callers at once: the second waits, then finds the work done.
mkdir -p "$root/.build"
exec 9>"$root/.build/python.lock"
flock 9
is_current && exit 0

echo "Installing Python packages into .build/python"
rm -f "$stamp"
"$python" -m venv --clear "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --only-binary :all: --require-hashes --requirement "$here/requirements.txt"
echo "$wanted" >"$stamp"
