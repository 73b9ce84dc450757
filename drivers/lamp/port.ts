// The way to a lamp: a HID peripheral or a serial port; both are lost and found again by themselves.
import { type FaultCode, isStationError, StationError } from '../../agent/fault.ts'
import type { Clock } from '../../agent/ports.ts'
import type { HidBus } from '../io/hid-bus.ts'
import type { HidWanted } from '../io/hid-line.ts'
import { openSerial, type SerialStream } from '../io/serial.ts'
import type { Packet } from './model.ts'

export interface PortEars {
  /** It is there; nothing of what it was told before is taken for granted. `product`: USB product id. */
  back(product: number | null): void
  gone(why: StationError): void
  /** Input reports of a HID lamp that has any. */
  report?(bytes: Uint8Array): void
}

export interface LampPort {
  /** @throws StationError STATION_LAMP_GONE and what the stream throws */
  send(packet: Packet): Promise<void>
  read(id: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

export type OpenPort = (ears: PortEars) => LampPort

const LOST: ReadonlySet<FaultCode> = new Set([
  'STATION_HID_GONE',
  'STATION_HID_SILENT',
  'STATION_PORT_GONE',
])

/** A lost peripheral or port is a lost lamp; wrong, busy or denied ones keep their own names. */
const lampFault = (why: StationError): StationError =>
  LOST.has(why.code) ? new StationError('STATION_LAMP_GONE', why.where, { cause: why }) : why

export const hidPort =
  (bus: HidBus, wanted: HidWanted): OpenPort =>
  (ears) => {
    const { report } = ears
    const stream = bus.open(wanted, {
      back: ({ product }) => ears.back(product),
      gone: (why) => ears.gone(lampFault(why)),
      ...(report === undefined ? {} : { report: (bytes) => report.call(ears, bytes) }),
    })
    const asLamp = <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        throw isStationError(error) ? lampFault(error) : error
      })
    return {
      send: ({ by, bytes }) => {
        const raw = Uint8Array.from(bytes)
        return asLamp(by === 'feature' ? stream.sendFeature(raw) : stream.write(raw))
      },
      read: (id, length) => asLamp(stream.getFeature(id, length)),
      close: () => stream.close(),
    }
  }

/** Bytes of a lamp are few: what is not out after this long is stuck, ms. */
const DRAIN_MS = 1000

export const serialPort =
  (path: string, baud: number, clock: Clock): OpenPort =>
  (ears) => {
    const life = new AbortController()
    const ref: { stream: SerialStream | null } = { stream: null }
    const opening = openSerial(
      { path, baud, clock },
      {
        bytes: () => undefined,
        // The stream says `back` before it is handed out: the lamp would find no stream to write to.
        back: () => ref.stream !== null && ears.back(null),
        gone: (why) => ears.gone(lampFault(why)),
      },
    ).then((stream) => {
      ref.stream = stream
      if (stream.isOpen && !life.signal.aborted) ears.back(null)
    })
    return {
      send: async ({ bytes }) => {
        const { stream } = ref
        if (stream === null) throw new StationError('STATION_LAMP_GONE', path)
        try {
          stream.write(Uint8Array.from(bytes))
        } catch (cause) {
          throw new StationError('STATION_LAMP_GONE', path, { cause })
        }
        await Promise.race([stream.drain(), clock.sleep(DRAIN_MS, life.signal)])
      },
      read: () => Promise.reject(new StationError('STATION_LAMP_GONE', `${path}: cannot be read`)),
      close: async () => {
        life.abort()
        await opening
        await ref.stream?.close()
      },
    }
  }
