#!/bin/sh
# The probe for a Linux live system: tells the station what the device is, and relays allowed commands to its TPM.
# Usage: probe.sh URL PIN CODE [--tpm PATH] [--no-relay]. Needs curl, od and dd; leaves nothing behind. CODE may be the word
# "bay" where the station knows a bay by its network. RESEAL_BOOT_LOG names the measured boot log of a system that keeps it elsewhere.
set -u
LC_ALL=C
export LC_ALL
umask 077

url=${1:-} pin=${2:-} code=${3:-}
[ $# -ge 3 ] || { echo 'usage: probe.sh URL PIN CODE [--tpm PATH] [--no-relay]' >&2; exit 2; }
shift 3
tpm='' relay=1
while [ $# -gt 0 ]; do
	case $1 in
	--tpm) tpm=${2:-}; [ $# -ge 2 ] && shift ;;
	--no-relay) relay=0 ;;
	*) echo "reseal-probe: unknown option $1" >&2; exit 2 ;;
	esac
	shift
done
for tool in curl od dd; do
	command -v "$tool" >/dev/null 2>&1 || { echo "reseal-probe: $tool is missing" >&2; exit 3; }
done

work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

say() { printf 'reseal-probe: %s\n' "$*" >&2; }

# One request; the status goes to standard output, the answer to $work/answer. The pin is checked although the
# certificate has no issuer: without the right key nothing is sent.
ask() {
	curl -sSk --noproxy '*' --pinnedpubkey "sha256//$pin" --connect-timeout 10 --max-time 60 \
		-o "$work/answer" -w '%{http_code}' -H 'Expect:' "$@" 2>"$work/error"
}
why() { tr '{},' '\n' <"$work/answer" 2>/dev/null | sed -n 's/^"code":"\([A-Z_]*\)"$/\1/p;s/^"hint":"\(.*\)"$/\1/p' | tr '\n' ' '; }

# --- What the device is ---------------------------------------------------------------------------------------------

# One line of the report: a name, and a value without line ends and other control characters.
line() {
	value=$(printf '%s' "$2" | tr '\000-\037\177' ' ' | cut -c 1-1000)
	[ -n "$value" ] && printf '%s=%s\n' "$1" "$value"
	return 0
}
first() { [ -r "$1" ] && head -c 1000 "$1" 2>/dev/null | head -n 1; }
dmi() { line "$1" "$(first "/sys/class/dmi/id/$2")"; }

macs() {
	for nic in /sys/class/net/*; do
		[ -e "$nic/device" ] || continue
		line mac "$(first "$nic/address")|${nic##*/}|$(first "$nic/carrier")"
	done
}

power() {
	for part in /sys/class/power_supply/*; do
		case $(first "$part/type") in
		Mains | USB) [ "$(first "$part/online")" = 1 ] && mains=1 || : "${mains:=0}" ;;
		Battery) [ "$(first "$part/scope")" = Device ] || battery=$(first "$part/capacity") ;;
		esac
	done
	line power.mains "${mains:-}"
	line power.battery "${battery:-}"
}

secure_boot() {
	# The variable's value comes after four bytes of attributes (UEFI 2.10, section 8.2).
	for variable in /sys/firmware/efi/efivars/SecureBoot-*; do
		[ -r "$variable" ] && line secureboot "$(od -An -tu1 -j4 -N1 "$variable" | tr -d ' ')"
	done
}

virtual() {
	grep -qw hypervisor /proc/cpuinfo 2>/dev/null && line vm 'hypervisor bit of the processor'
	line vm "$(first /sys/hypervisor/type)"
	case $(first /sys/class/dmi/id/sys_vendor)$(first /sys/class/dmi/id/product_name) in
	*QEMU* | *VMware* | *VirtualBox* | *KVM* | *Xen* | *Bochs* | *'Virtual Machine'*) line vm 'SMBIOS names a virtual machine' ;;
	esac
}

report() {
	echo 'reseal-probe 1'
	line probe linux
	[ "$(id -u)" = 0 ] && line admin 1 || line admin 0
	line os.caption "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release 2>/dev/null)"
	line os.kind "$(uname -sr)"
	dmi smbios.serial product_serial
	dmi smbios.manufacturer sys_vendor
	dmi smbios.model product_name
	dmi smbios.uuid product_uuid
	dmi firmware.vendor bios_vendor
	dmi firmware.version bios_version
	dmi firmware.date bios_date
	macs
	power
	line clock "$(date +%s)000"
	secure_boot
	virtual
	line tpm.VersionMajor "$(first /sys/class/tpm/tpm0/tpm_version_major)"
}

# --- The relay ------------------------------------------------------------------------------------------------------

# The commands that pass, as in allow-list.ts; the station refuses all others too. Argument: 28 hex digits of a command.
allowed() {
	case $1 in 8001* | 8002*) ;; *) return 1 ;; esac
	cc=$(printf '%s' "$1" | cut -c 13-20)
	handle=$(printf '%s' "$1" | cut -c 21-28)
	case $cc in
	# allow-list begins
	00000143 | 00000147 | 00000148 | 00000153 | 00000157 | 00000158 | 00000165 | 00000171) ;;
	00000173 | 00000176 | 0000017a | 0000017b | 0000017c | 0000017e | 00000181 | 00000189 | 0000018a) ;;
	00000131) case $handle in 40000001 | 40000007 | 4000000b) ;; *) return 1 ;; esac ;;
	0000014e | 00000169) case $handle in 01c0????) ;; *) return 1 ;; esac ;;
	00000151) [ "$handle" = 4000000b ] || return 1 ;;
	# allow-list ends
	*) return 1 ;;
	esac
}

hex() { od -An -v -tx1 -j"$2" -N"$3" "$1" | tr -d ' \n'; }
size() { wc -c <"$1" | tr -d ' '; }
# A number as four bytes, big-endian.
u32() {
	# shellcheck disable=SC2059
	printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
}
# An answer frame: length, number, bytes.
frame() { { u32 "$(size "$2")"; u32 "$1"; cat "$2"; } >"$work/frame"; }
refuse() { u32 "$1" >"$work/response"; }

# One command to the TPM, one response: whole in one write, as the kernel wants it; read until the size in its head.
transmit() {
	: >"$work/response"
	dd if="$work/command" bs=4096 count=1 >&3 2>/dev/null || { refuse 4; return; }
	while :; do
		had=$(size "$work/response")
		if [ "$had" -ge 10 ]; then
			want=$((0x$(hex "$work/response" 2 4)))
			[ "$had" -ge "$want" ] && break
			[ "$want" -gt 4096 ] && { refuse 4; return; }
		fi
		dd bs=4096 count=1 <&3 2>/dev/null >>"$work/response"
		[ "$(size "$work/response")" -gt "$had" ] || { refuse 4; return; }
	done
}

# What the station asked for, in $work/answer: checked, done, and its answer framed.
serve() {
	total=$(size "$work/answer")
	number=$((0x$(hex "$work/answer" 4 4)))
	length=$((0x$(hex "$work/answer" 0 4)))
	dd if="$work/answer" of="$work/command" bs=8 skip=1 2>/dev/null
	head=$(hex "$work/command" 0 14)
	if [ "$total" -gt 4104 ] || [ "$length" -ne $((total - 8)) ] || [ "$length" -lt 10 ] ||
		[ $((0x$(hex "$work/command" 2 4))) -ne "$length" ]; then
		refuse 2
	elif ! allowed "$head"; then
		say "refused command $(printf '%s' "$head" | cut -c 13-20)"
		refuse 1
	else
		transmit
	fi
	frame "$number" "$work/response"
}

# The measured boot log goes before the TPM's own word, which it is held against. 512 KB at most, as the station takes them.
boot_log() {
	measured=${RESEAL_BOOT_LOG:-/sys/kernel/security/tpm0/binary_bios_measurements}
	if [ ! -r "$measured" ] || ! head -c 524289 "$measured" >"$work/log" 2>/dev/null || [ ! -s "$work/log" ]; then
		say 'no boot log (is securityfs mounted?)'
		return 0
	fi
	[ "$(size "$work/log")" -le 524288 ] || { say 'the boot log is longer than 512 KB: not sent'; return 0; }
	status=$(ask -H "Authorization: Bearer $token" -H 'Content-Type: application/octet-stream' \
		--data-binary @"$work/log" "$url/device/v1/log")
	[ "$status" = 204 ] || say "boot log not taken: $status $(why)"
}

relay_tpm() {
	if [ -z "$tpm" ]; then
		for tpm in /dev/tpmrm0 /dev/tpm0 ''; do [ -c "$tpm" ] && break; done
	fi
	[ -n "$tpm" ] || { say 'no TPM 2.0 device'; return 0; }
	# One opening for the whole conversation: sessions and keys belong to it.
	[ -r "$tpm" ] && [ -w "$tpm" ] || { say "cannot open $tpm"; return 0; }
	exec 3<>"$tpm"
	: >"$work/empty"
	frame 0 "$work/empty"
	asked=0
	while [ "$asked" -lt 2000 ]; do
		asked=$((asked + 1))
		status=$(ask -H "Authorization: Bearer $token" -H 'Content-Type: application/octet-stream' \
			--data-binary @"$work/frame" "$url/device/v1/tpm")
		case $status in
		200) serve ;;
		204) frame 0 "$work/empty" ;;
		410) say 'done'; return 0 ;;
		*) say "the station ended the relay: $status $(why)"; return 1 ;;
		esac
	done
}

# --- In order -------------------------------------------------------------------------------------------------------

tries=0
while :; do
	status=$(ask --data-binary "$code" "$url/device/v1/hello")
	# 7: nobody was reached; 35: TLS did not begin. Nothing was sent, the code is still good. A link that just came up needs a
	# moment, and so does a station that is asked too much.
	case $? in 7 | 35) [ "$tries" -lt 5 ] || break ;; *) break ;; esac
	tries=$((tries + 1))
	sleep 2
done
case $status in
200) token=$(tr -cd '0-9a-f' <"$work/answer") ;;
000) say "no answer, or not the station of this line: $(head -c 200 "$work/error")"; exit 3 ;;
*) say "not let in: $status $(why)"; exit 1 ;;
esac

report >"$work/report"
status=$(ask -H "Authorization: Bearer $token" -H 'Reseal-Number: 1' -H 'Content-Type: text/plain' \
	--data-binary @"$work/report" "$url/device/v1/report")
[ "$status" = 204 ] || { say "report not taken: $status $(why)"; exit 1; }
say 'reported'

[ "$relay" = 0 ] || { boot_log; relay_tpm; }
