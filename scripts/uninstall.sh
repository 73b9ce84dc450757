#!/usr/bin/env bash
# Takes the service off a bench PC; config and ledger stay unless they are asked for by name.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/uninstall.sh [--dry-run] [--root DIR] [--purge]
  --dry-run   print what would be done, change nothing
  --root DIR  the system tree at DIR instead of /
  --purge     remove config, ledger and user as well: every record of this bench is gone then
END
}

dry=no root= purge=no
while (($# > 0)); do
  case $1 in
    --dry-run) dry=yes ;;
    --root) root=${2:?"--root needs a directory"}; root=${root%/}; shift ;;
    --purge) purge=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

say() { printf 'reseal: %s\n' "$*" >&2; }
act() {
  if [[ $dry == yes ]]; then printf 'would: %s\n' "$*"; else "$@"; fi
}
if [[ $dry == no && $EUID -ne 0 ]]; then
  say 'SETUP_NOT_ROOT: Removing a service needs root. Run it with sudo.'
  exit 3
fi

if [[ -z $root && -d /run/systemd/system ]]; then
  # Keys go up and the broker hears `stopped` before anything is taken away.
  act systemctl disable --now reseal || say 'the service was not there'
fi
act rm -f "$root/etc/systemd/system/reseal.service" "$root/etc/systemd/system/reseal-gadget@.service" \
  "$root/etc/udev/rules.d/70-reseal.rules" \
  "$root/etc/sysusers.d/reseal.conf" "$root/etc/tmpfiles.d/reseal.conf" "$root/usr/local/bin/reseal"
act rm -rf "$root/opt/reseal" "$root/var/cache/reseal"
if [[ -z $root && -d /run/systemd/system ]]; then act systemctl daemon-reload; fi

if [[ $purge == yes ]]; then
  act rm -rf "$root/etc/reseal" "$root/var/lib/reseal"
  act chroot "${root:-/}" userdel reseal || say 'the user was not there'
else
  say "kept: $root/etc/reseal and $root/var/lib/reseal (--purge removes them and the user)"
fi
