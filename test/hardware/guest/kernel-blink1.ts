// A blink(1) as the kernel sees it: hid-led, the kernel's own driver, asks for its version when it is plugged in.
import { Blink1Double } from '../../fakes/hid-lamps.ts'

const VERSION = 0x76

export class KernelBlink1 extends Blink1Double {
  override feature(bytes: Uint8Array): void {
    if (bytes[0] !== 1 || bytes[1] !== VERSION) super.feature(bytes)
  }
  override getFeature(id: number, length: number): Uint8Array {
    return Uint8Array.of(id, VERSION, 0, 0x32, 0x30, 0, 0, 0, 0).subarray(0, length)
  }
}
