// Understands one line of `ip -o monitor link neigh`; a line is only a hint to look, or a MAC that the kernel learnt.

export type MonitorLine =
  | { readonly kind: 'link'; readonly names: readonly string[] }
  | { readonly kind: 'mac'; readonly iface: string; readonly mac: string }

/** `7: eth0: <…`, `6: va@vb: <…`, `6: va@NONE: <…`, with `Deleted ` before it when it went. */
const LINK = /^(?:Deleted )?\d{1,10}: ([^\s:]{1,40}): </
/**
 * `10.0.0.2 dev eth0 lladdr 02:… REACHABLE` of the neighbour table, and the same without an address of a bridge's
 * forwarding table.
 */
const NEIGHBOUR =
  /^(?:[0-9a-f.:]{2,45} )?dev (\S{1,15}) lladdr ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})(?!\S)(.*)$/i
/** What was set by hand, is our own, or did not answer: nothing that the kernel learnt from the wire. */
const NOT_LEARNT = /\b(?:PERMANENT|NOARP|FAILED|INCOMPLETE|proxy)\b/

/** The MAC names one station on the wire: not a group, not all zeros. */
function isUnicast(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== '00:00:00:00:00:00'
}

/** What a line says, or null for everything that is not for us. Total: any text gives an answer. */
export function parseMonitorLine(line: string): MonitorLine | null {
  const name = LINK.exec(line)?.[1]
  if (name !== undefined) {
    // `@peer` is added by ip, but an @ may also belong to the name itself.
    const at = name.lastIndexOf('@')
    return { kind: 'link', names: at > 0 ? [name.slice(0, at), name] : [name] }
  }
  const neighbour = NEIGHBOUR.exec(line)
  if (neighbour === null) return null
  const [, iface = '', address = '', state = ''] = neighbour
  const mac = address.toLowerCase()
  if (NOT_LEARNT.test(state) || !isUnicast(mac)) return null
  return { kind: 'mac', iface, mac }
}

/** A line longer than this is no line of ours; link lines are about 200 characters. */
const LONGEST_LINE = 4096

/** Cuts a stream of text into lines, keeping at most one unfinished line of bounded length. */
export class Lines {
  #rest = ''

  /** The whole lines that `chunk` completes. */
  take(chunk: string): string[] {
    const parts = (this.#rest + chunk).split('\n')
    this.#rest = parts.pop() ?? ''
    if (this.#rest.length > LONGEST_LINE) this.#rest = ''
    return parts.filter((part) => part !== '' && part.length <= LONGEST_LINE)
  }
}
