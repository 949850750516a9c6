# python-env.sh - for scripts that install an extra from PyPI: a Python environment of its own.
#
# python_env FOLDER NAME SAY WHAT PIP-ARGUMENTS...: says SAY, makes FOLDER and installs into it. Where that fails, one line about NAME, or that
# WHAT cannot be installed, nothing half-made that a later run would find, and the script ends with status 1.
python_env() {
  env_folder=$1 env_name=$2 env_say=$3 env_what=$4
  shift 4
  if ! command -v python3 >/dev/null 2>&1; then
    echo "synfire: $env_name needs python3 (Debian: apt-get install python3-venv)" >&2
    exit 1
  fi
  echo "$env_say"
  log=$(mktemp "${TMPDIR:-/tmp}/synfire-pypi.XXXXXX")
  trap 'rm -f "$log"' EXIT
  python3 -m venv "$env_folder" >"$log" 2>&1 ||
    python_env_fails "python3 -m venv failed (Debian: apt-get install python3-venv): $(tail -n 1 "$log")"
  "$env_folder/bin/pip" -q install "$@" >"$log" 2>&1 ||
    python_env_fails "cannot install $env_what: $(grep -v '^WARNING' "$log" | tail -n 1)"
}

python_env_fails() { # python_env_fails TEXT
  echo "synfire: $1" >&2
  rm -rf "$env_folder"
  exit 1
}
