// What one model of lamp is made of: bytes as data and pure functions; ports and rhythm are the same for all of them.
import type { Ability, Light, Script } from './light.ts'

/** One transfer to a lamp. For HID the first byte is the report id (00 when it has none: the kernel strips that one). */
export interface Packet {
  readonly by: 'output' | 'feature' | 'serial'
  readonly bytes: readonly number[]
}

export interface LampModel {
  readonly name: string
  /** USB product id, where one address stands for several models. */
  readonly product?: number
  readonly ability: Ability
  /** A buzzer that follows `Light.buzz`. */
  readonly buzzer: boolean
  /** After every attach, before the first light. */
  readonly hello?: readonly Packet[]
  /** Brings the lamp from one moment to the next; null before: nothing is known of it. */
  light(now: Light, before: Light | null): readonly Packet[]
  /** The whole script to a lamp that keeps its rhythm itself; null when this one cannot be done. */
  program?(script: Script): readonly Packet[] | null
  /** Falls to dark by itself when this is not sent again within `deadMs`. */
  readonly deadMan?: {
    readonly everyMs: number
    readonly deadMs: number
    readonly packets: readonly Packet[]
  }
  /** A feature report that says what the lamp shows, asked for after every light. */
  readonly readBack?: {
    readonly id: number
    readonly length: number
    /** Null: too short to say. */
    shows(light: Light, bytes: Uint8Array): boolean | null
  }
  /** After the last dark, at a clean stop. */
  readonly goodbye?: readonly Packet[]
}

export const output = (...bytes: readonly number[]): Packet => ({ by: 'output', bytes })
export const feature = (...bytes: readonly number[]): Packet => ({ by: 'feature', bytes })
export const serial = (...bytes: readonly number[]): Packet => ({ by: 'serial', bytes })
