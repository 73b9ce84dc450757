#!/usr/bin/env bash
# Installs this checkout as the service of a Debian bench PC; run again it upgrades, config and ledger stay.
set -euo pipefail

usage() {
  cat <<'END'
Usage: scripts/install.sh [--dry-run] [--root DIR] [--no-start] [--rollback]
  --dry-run   print what would be done, change nothing
  --root DIR  install into the system tree at DIR instead of / (no service is started)
  --no-start  do not enable or start the service
  --rollback  make the release that was installed before this one the current one again
Needs Debian 12 or newer on amd64 or arm64 and root. Network: npm and Debian packages only.
END
}

readonly EXIT_USAGE=2 EXIT_NOT_THERE=3
readonly SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# What the station itself calls; the bay network's example needs dnsmasq and nftables besides.
readonly PACKAGES=(ca-certificates iproute2 libudev1 udev util-linux)
readonly KEPT_RELEASES=3
readonly SAY_EVERY_S=30 NPM_WAIT_S=600 NPM_VERSION=11.19.1

dry=no root= start=yes rollback=no
while (($# > 0)); do
  case $1 in
    --dry-run) dry=yes ;;
    --root) root=${2:?"--root needs a directory"}; root=${root%/}; shift ;;
    --no-start) start=no ;;
    --rollback) rollback=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit $EXIT_USAGE ;;
  esac
  shift
done

readonly HOME_DIR=/opt/reseal
readonly RELEASES=$root$HOME_DIR/releases CURRENT=$root$HOME_DIR/current PREVIOUS=$root$HOME_DIR/previous
readonly PACKAGE_SETS=$root$HOME_DIR/packages
readonly CONFIG=$root/etc/reseal/station.yaml

say() { printf 'reseal: %s\n' "$*" >&2; }
fail() { say "$1: $2 ${3:-}"; exit "${4:-$EXIT_NOT_THERE}"; }
# Changes something, or says what it would change.
act() {
  if [[ $dry == yes ]]; then printf 'would: %s\n' "$*"; else "$@"; fi
}

check_machine() {
  case $(uname -m) in
    x86_64 | aarch64) ;;
    *) fail SETUP_PLATFORM "Reseal runs on amd64 or arm64, this is $(uname -m)." ;;
  esac
  local id= version=0
  if [[ -r $root/etc/os-release ]]; then
    id=$(. "$root/etc/os-release"; echo "${ID:-}")
    version=$(. "$root/etc/os-release"; echo "${VERSION_ID:-0}")
  fi
  [[ $id == debian && ${version%%.*} -ge 12 ]] ||
    fail SETUP_PLATFORM "The service is made for Debian 12 or newer, this is ${id:-unknown} $version."
  [[ $dry == yes || $EUID -eq 0 ]] || fail SETUP_NOT_ROOT "Installing a service needs root." "Run it with sudo."
}

# Only what is missing is asked for, so that a bench without a network can be upgraded from a full npm cache.
install_packages() {
  local missing=() name
  for name in "${PACKAGES[@]}"; do
    dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' "$name" 2>/dev/null |
      grep -q 'ok installed' || missing+=("$name")
  done
  command -v npm >/dev/null || missing+=(npm)
  ((${#missing[@]} == 0)) && return
  [[ -z $root ]] || fail SETUP_DEBIAN_PACKAGES "$root lacks ${missing[*]}." "Install them in that tree first."
  say "installing Debian packages: ${missing[*]}"
  act apt-get update -q
  act env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# npm of Debian 12 runs on Node 18 and leaves out packages that want a newer one: then a newer pair is fetched beside the
# releases, the Node of our own lock file and one fixed npm, for building alone.
newer_npm() {
  local major node_version arch tools=$root$HOME_DIR/tools
  major=$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
  ((major >= 20)) && return
  [[ $dry == yes ]] && { printf 'would: fetch a newer Node and npm into %s\n' "$tools"; return; }
  arch=$([[ $(uname -m) == x86_64 ]] && echo x64 || echo arm64)
  node_version=$(sed -n "s/^    \"node-linux-$arch\": \"\([^\"]*\)\".*/\1/p" "$SOURCE/package.json")
  if [[ ! -x $tools/bin/npm ]]; then
    say "fetching Node $node_version and npm $NPM_VERSION for the build"
    rm -rf "$tools"
    mkdir -p "$tools/bin"
    timeout "$NPM_WAIT_S" npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --loglevel=error \
      "node-linux-$arch@$node_version" "npm@$NPM_VERSION" >&2 ||
      fail SETUP_INSTALL_FAILED "npm could not fetch a newer npm." "Check the connection to the npm registry."
    ln -s "../node_modules/node-linux-$arch/bin/node" "$tools/bin/node"
    ln -s ../node_modules/npm/bin/npm-cli.js "$tools/bin/npm"
  fi
  PATH=$tools/bin:$PATH
  hash -r
}

# The files that belong to the release: what git tracks, or the whole folder of an unpacked archive.
copy_sources() {
  local to=$1
  if git -C "$SOURCE" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$SOURCE" ls-files -z | (cd "$SOURCE" && tar --null -cf - -T -) | tar -xf - -C "$to"
  else
    tar -C "$SOURCE" --exclude=./node_modules --exclude=./data -cf - . | tar -xf - -C "$to"
  fi
}

release_name() {
  local version stamp
  version=$(sed -n 's/^  "version": "\([^"]*\)".*/\1/p' "$SOURCE/package.json")
  stamp=$(git -C "$SOURCE" rev-parse --short=12 HEAD 2>/dev/null || date -u +%Y%m%d%H%M%S)
  [[ -n $(git -C "$SOURCE" status --porcelain 2>/dev/null) ]] && stamp+=-$(date -u +%Y%m%d%H%M%S)
  printf '%s-%s' "$version" "$stamp"
}

# All packages of a lock file, those that only build included; kept, so that an upgrade that changes none of them needs no
# network, and linked into the releases, so that three releases take little more room than one.
package_set() {
  local sources=$1 key staging
  key=$(sha256sum "$sources/package-lock.json" | cut -c 1-16)
  if [[ ! -d $PACKAGE_SETS/$key ]]; then
    mkdir -p "$PACKAGE_SETS"
    find "$PACKAGE_SETS" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    staging=$(mktemp -d "$PACKAGE_SETS/.staging-XXXXXX")
    # With the whole checkout: npm links the workspaces that package.json names.
    cp -a "$sources/." "$staging"
    (cd "$staging" && timeout "$NPM_WAIT_S" npm ci --ignore-scripts --include=dev --include=optional \
      --prefer-offline --no-audit --no-fund --loglevel=error >&2) ||
      fail SETUP_INSTALL_FAILED "npm ci failed." "Check the connection to the npm registry."
    chmod -R u=rwX,go=rX "$staging/node_modules"
    mkdir "$staging.done"
    mv "$staging/node_modules" "$staging.done/"
    mv -T "$staging.done" "$PACKAGE_SETS/$key"
    rm -rf "$staging"
  fi
  printf '%s' "$PACKAGE_SETS/$key"
}

# Builds beside the releases and becomes one by a rename: a half-built release is never a release.
build_release() {
  local name=$1 staging node set
  say "building release $name"
  if [[ $dry == yes ]]; then
    printf 'would: build %s from %s\n' "$RELEASES/$name" "$SOURCE"
    return
  fi
  mkdir -p "$RELEASES"
  find "$RELEASES" -maxdepth 1 -name '.staging-*' -exec rm -rf {} +
  staging=$(mktemp -d "$RELEASES/.staging-XXXXXX")
  copy_sources "$staging"
  set=$(package_set "$staging")
  cp -al "$set/node_modules" "$staging/node_modules"
  node=$(cd "$staging" && echo node_modules/node-linux-*/bin/node)
  [[ -x $staging/$node ]] || fail SETUP_RUNTIME_MISSING "The pinned Node is not among the packages."
  "$staging/$node" "$staging/node_modules/vite/bin/vite.js" build "$staging/agent/dashboard" --logLevel warn ||
    fail SETUP_BOARD_FAILED "The board could not be bundled."
  # What only builds and tests is not part of a station.
  (cd "$staging" && npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund --loglevel=error)
  mkdir -p "$staging/bin"
  ln -s "../$node" "$staging/bin/node"
  chmod -R u=rwX,go=rX "$staging"
  mv -T "$staging" "$RELEASES/$name"
}

# New code must understand the bench's own config before it takes over.
check_config() {
  local release=$1
  [[ -e $CONFIG && $dry == no ]] || return 0
  "$release/bin/node" "$release/agent/main.ts" config check "$CONFIG" >/dev/null ||
    fail CONFIG_INVALID "The new release does not accept $CONFIG; the old one stays." "Mend it and run this again." $EXIT_USAGE
}

point() {
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
}

switch_to() {
  local target=$1 before
  before=$(readlink "$CURRENT" 2>/dev/null || true)
  [[ $before == "$target" ]] && return
  [[ -n $before ]] && act point "$before" "$PREVIOUS"
  act point "$target" "$CURRENT"
}

drop_old_releases() {
  local keep
  keep=$(readlink "$CURRENT" 2>/dev/null || true; readlink "$PREVIOUS" 2>/dev/null || true)
  [[ -d $RELEASES ]] || return 0
  # By age of their making, newest first.
  ls -1t "$RELEASES" | tail -n +$((KEPT_RELEASES + 1)) | while read -r name; do
    grep -qx "$HOME_DIR/releases/$name" <<<"$keep" || act rm -rf "${RELEASES:?}/$name"
  done
}

install_system_files() {
  local from=$1
  act install -D -m 0644 "$from/systemd/reseal.service" "$root/etc/systemd/system/reseal.service"
  act install -D -m 0644 "$from/systemd/reseal-gadget@.service" "$root/etc/systemd/system/reseal-gadget@.service"
  act install -D -m 0644 "$from/systemd/reseal.sysusers.conf" "$root/etc/sysusers.d/reseal.conf"
  act install -D -m 0644 "$from/systemd/reseal.tmpfiles.conf" "$root/etc/tmpfiles.d/reseal.conf"
  act install -D -m 0644 "$from/systemd/70-reseal.rules" "$root/etc/udev/rules.d/70-reseal.rules"
  act systemd-sysusers --root="${root:-/}" "$root/etc/sysusers.d/reseal.conf"
  act systemd-tmpfiles --root="${root:-/}" --create "$root/etc/tmpfiles.d/reseal.conf"
  act install -D -m 0755 "$from/systemd/reseal.sh" "$root/usr/local/bin/reseal"
  if [[ -e $CONFIG ]]; then
    say "$CONFIG is kept"
  else
    act install -D -m 0640 "$from/station-config/examples/first-bench.yaml" "$CONFIG"
    act chroot "${root:-/}" chgrp reseal /etc/reseal/station.yaml
  fi
}

# Type=notify: a restart is over when the board is served or the start failed. The first start of a new version may bring a
# large ledger up, which takes minutes: the bound is the unit's own (TimeoutStartSec), and giving up earlier would send
# somebody back to the old release in the middle of it.
restart_service() {
  local job waited=0
  systemctl restart reseal &
  job=$!
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    ((waited % SAY_EVERY_S == 0)) && kill -0 "$job" 2>/dev/null &&
      say "still $(systemctl is-active reseal || true) after $waited s; a new version may be bringing the ledger up (journalctl -u reseal)"
  done
  wait "$job"
}

start_service() {
  if [[ -n $root || $start == no ]]; then
    say "installed; start it with: systemctl enable --now reseal"
    return
  fi
  if [[ ! -d /run/systemd/system ]]; then
    say "installed; systemd does not run here, so nothing was started"
    return
  fi
  act systemctl daemon-reload
  act udevadm control --reload
  act udevadm trigger --subsystem-match=hidraw --subsystem-match=usb --subsystem-match=tty
  act systemctl enable reseal
  if [[ $dry == yes ]]; then
    act systemctl restart reseal
    return
  fi
  restart_service ||
    fail STATION_HARDWARE_MISSING "The service did not start." "See: journalctl -u reseal; go back with: $0 --rollback"
  say "the station runs; its board is at http://127.0.0.1:8080"
}

go_back() {
  local before
  before=$(readlink "$PREVIOUS" 2>/dev/null || true)
  [[ -n $before && -d $root$before ]] ||
    fail SETUP_PART_MISSING "There is no release to go back to." "Only one was installed so far."
  check_config "$root$before"
  switch_to "$before"
  install_system_files "$root$before"
  start_service
  say "the current release is ${before##*/}; a ledger that the newer one migrated has its backup beside it"
}

check_machine
if [[ $rollback == yes ]]; then
  go_back
  exit 0
fi
install_packages
newer_npm
name=$(release_name)
release=$RELEASES/$name
if [[ -d $release ]]; then say "release $name is there already"; else build_release "$name"; fi
check_config "$release"
if [[ $dry == yes ]]; then install_system_files "$SOURCE"; else install_system_files "$release"; fi
switch_to "$HOME_DIR/releases/$name"
drop_old_releases
start_service
