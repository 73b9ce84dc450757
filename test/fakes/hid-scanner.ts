// Bar code scanners in HID POS mode, as they fill their reports (facts/hardware §5).
import { HID_POS_USAGE } from '../../drivers/scanner/hid-pos-frames.ts'
import type { HidDouble, HidPeripheral } from './hid-double.ts'

const DATA = 56

export interface HidScanner {
  readonly peripheral: HidPeripheral
  /** The reports of one code; `aim` as `]C0`, for the layout that carries it. */
  reports(text: string, aim?: string): readonly (readonly number[])[]
  scan(double: HidDouble, text: string, aim?: string): void
}

const report = (bytes: readonly number[]): number[] =>
  Array.from({ length: 64 }, (_, at) => bytes[at] ?? 0)

function peripheral(vendor: number, serial: string, name: string): HidPeripheral {
  const nothing = () => undefined
  return {
    vendor,
    product: 0x0001,
    serial,
    name,
    usbPath: '1-4.2',
    usages: [HID_POS_USAGE],
    output: nothing,
    feature: nothing,
    getFeature: () => Uint8Array.of(),
  }
}

/** Access-IS and Honeywell style: AIM id in front, long codes in several reports. */
export function aimScanner(serial = 'LSR1180042'): HidScanner {
  const own = peripheral(0x0db5, serial, 'LSR118')
  const reports = (text: string, aim = ']C0') => {
    const bytes = [...Buffer.from(text)]
    const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / DATA)) }, (_, n) =>
      bytes.slice(n * DATA, (n + 1) * DATA),
    )
    return parts.map((part, n) => {
      const filled = report([2, part.length, ...Buffer.from(aim), ...part])
      filled[63] = n < parts.length - 1 ? 1 : 0
      return filled
    })
  }
  return {
    peripheral: own,
    reports,
    scan: (double, text, aim) => {
      for (const one of reports(text, aim)) double.send(own, one)
    },
  }
}

/** Newland style: data alone, the maker's id at 62. */
export function plainScanner(serial = 'FM430-0007'): HidScanner {
  const own = peripheral(0x1eab, serial, 'FM430')
  const reports = (text: string) => {
    const bytes = [...Buffer.from(text)]
    const filled = report([2, bytes.length, ...bytes])
    filled[62] = 0x1e
    return [filled]
  }
  return {
    peripheral: own,
    reports,
    scan: (double, text) => {
      for (const one of reports(text)) double.send(own, one)
    },
  }
}
