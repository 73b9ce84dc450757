// The branded ids and units that every room shares, so that a bay's name is never taken for a run's.

declare const brand: unique symbol
type Brand<K extends string> = string & { readonly [brand]: K }

/** `[A-Za-z0-9_-]{1,32}`, as it stands in topics, barcodes and URLs (contracts: ids and barcodes). */
export type BayId = Brand<'bay'>
/** One pass of the flow for one device in one bay; unique over stations and restores. */
export type RunId = Brand<'run'>
/** One key burst in flight; `<run>.<n>`. */
export type PlayId = Brand<'play'>
/** One question to a person; unique within its bay for ever. */
export type PromptId = Brand<'prompt'>
/** One request to look at the screen; unique within its bay for ever. */
export type LookId = Brand<'look'>

/** Milliseconds since 1970-01-01T00:00Z. */
export type InstantMs = number

const ID = /^[A-Za-z0-9_-]{1,32}$/

/** True when `text` may stand as a site, station or bay id in topics and barcodes. */
export const isId = (text: string): boolean => ID.test(text)

export const bayId = (text: string): BayId => text as BayId
export const runId = (text: string): RunId => text as RunId

/** UTC, ISO 8601 with milliseconds, as every message and record carries it. */
export const iso = (at: InstantMs): string => new Date(at).toISOString()
