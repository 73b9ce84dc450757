#!/bin/sh
# Makes the network that the bays' devices stand in: a bridge of isolated ports, its firewall, DHCP and DNS.
#   bay-network.sh up        bridge and firewall; may be repeated, also when a card came later
#   bay-network.sh dnsmasq   DHCP and DNS in the foreground
#   bay-network.sh down      takes all of it away
set -eu
here=$(dirname "$(readlink -f "$0")")
# shellcheck source=bay-network.env
. "${BAY_NETWORK_ENV:-$here/bay-network.env}"

firewall() {
  nft -D "bay_bridge=\"$BRIDGE\"" -D "way_out=\"$UPLINK\"" -D "station=$STATION" \
    -D "bay_net=$NETWORK" -D "intake=$INTAKE_PORT" -D "no_go={ $FORBIDDEN }" \
    -D "bay_ports={ $(echo "$BAY_PORTS" | sed 's/[^ ][^ ]*/"&"/g; s/  */, /g') }" -f "$here/bay-network.nft"
}

up() {
  ip link show "$BRIDGE" >/dev/null 2>&1 || ip link add "$BRIDGE" type bridge stp_state 0
  # The firewall stands before the first device can say a word.
  firewall
  conf=net.ipv4.conf.$BRIDGE
  sysctl -q -w "net.ipv6.conf.$BRIDGE.disable_ipv6=1" "$conf.rp_filter=1" "$conf.arp_ignore=1" \
    "$conf.send_redirects=0" "$conf.accept_redirects=0" "$conf.accept_source_route=0"
  ip addr replace "$STATION/$PREFIX" dev "$BRIDGE"
  for port in $BAY_PORTS; do
    if ! ip link show "$port" >/dev/null 2>&1; then
      echo "bay-network: $port is not there; run this again when it is" >&2
      continue
    fi
    sysctl -q -w "net.ipv6.conf.$port.disable_ipv6=1"
    ip link set "$port" master "$BRIDGE"
    # Isolated ports reach the bridge itself and no other bay; guard drops foreign spanning tree.
    bridge link set dev "$port" isolated on guard on
    ip link set "$port" up
  done
  ip link set "$BRIDGE" up
  sysctl -q -w net.ipv4.ip_forward=1
}

serve() {
  set -- --keep-in-foreground --log-facility=- --conf-file=/dev/null --pid-file= --interface="$BRIDGE" \
    --except-interface=lo --bind-interfaces --no-hosts --domain-needed --bogus-priv \
    --stop-dns-rebind --dhcp-authoritative --dhcp-range="$RANGE,$LEASE" --dhcp-lease-max=250 \
    --dhcp-option=option:router,"$STATION" --dhcp-option=option:dns-server,"$STATION" \
    --dhcp-option=option:ntp-server,"$STATION" --dhcp-leasefile="$LEASE_FILE" \
    --dhcp-name-match=set:nameless,wpad --dhcp-ignore-names=tag:nameless
  if [ -n "$DNS_SERVERS" ]; then
    set -- "$@" --no-resolv
    for server in $DNS_SERVERS; do set -- "$@" --server="$server"; done
  fi
  if [ -n "$HOOK" ]; then set -- "$@" --dhcp-script="$HOOK" --dhcp-scriptuser="$HOOK_USER"; fi
  exec dnsmasq "$@"
}

down() {
  ip link del "$BRIDGE" 2>/dev/null || true
  nft delete table inet bay_network 2>/dev/null || true
  nft delete table bridge bay_network 2>/dev/null || true
}

case "${1:-}" in
  up) up ;;
  dnsmasq) serve ;;
  down) down ;;
  *)
    echo "usage: $0 up|dnsmasq|down" >&2
    exit 2
    ;;
esac
