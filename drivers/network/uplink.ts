// Finds the way out of the bench PC in the kernel's routing tables, before any name is asked.

/** Route flags of the kernel: the route is up, and it is refused on purpose (linux/route.h, linux/ipv6_route.h). */
const RTF_UP = 0x0001
const RTF_REJECT = 0x0200

/** Interfaces with a default route in `/proc/net/route` (IPv4). */
export function defaultRoutes4(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, to, , flags, , , , mask]) => {
      const bits = Number.parseInt(flags ?? '0', 16)
      const isOpen = (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0
      return to === '00000000' && mask === '00000000' && isOpen
    })
    .map(([iface = '']) => iface)
}

/** Interfaces with a default route in `/proc/net/ipv6_route`; the kernel's own "unreachable" one is on `lo`. */
export function defaultRoutes6(table: string): string[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([to, length, , , , , , , flags, iface]) => {
      const bits = Number.parseInt(flags ?? '0', 16)
      const isOpen = (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0
      return to === '0'.repeat(32) && length === '00' && isOpen && iface !== 'lo'
    })
    .map((fields) => fields[9] ?? '')
}
