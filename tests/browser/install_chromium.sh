#!/bin/sh
# Makes sure there is a Chromium for the browser tests. The same places are looked at in conftest.py beside this file.
# Installs one only as root on Debian or Ubuntu. A missing browser is an error only where CI is set.
set -eu

find_chromium() {
  for c in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
    "/Applications/Chromium.app/Contents/MacOS/Chromium" \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    if [ -n "$c" ] && [ -x "$c" ]; then
      echo "$c"
      return 0
    fi
  done
  return 1
}

find_chromium >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "No Chromium found: installing Debian's, for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq &&
    apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends chromium fonts-dejavu-core >/dev/null &&
    find_chromium >/dev/null; then
    exit 0
  fi
  reason="installing Chromium failed (above)"
else
  reason="no Chromium was found, and only root on Debian or Ubuntu can install one from here"
fi

if [ -n "${CI:-}" ]; then
  echo "Browser tests cannot run: $reason. CI is set, so this is an error." >&2
  exit 1
fi
echo "Browser tests will be skipped: $reason. Set CHROMIUM=/path/to/chromium to name one."
