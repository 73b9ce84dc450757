// How often each hazard meets a device of the virtual bench: a rough day and a good one.

/** Shares per device with `faults`; without them only the few marked in `plain` happen. */
export interface Shares {
  readonly windows10: number
  readonly obstacle: number
  readonly resealedBefore: number
  readonly associated: number
  readonly menu2026: number
  readonly noProfile: number
  readonly refresh: number
  readonly wrongNames: number
  readonly wrongCustomer: number
  readonly greenDiffers: number
  readonly offline: number
  readonly red: number
  readonly unlisted: number
  readonly hang: number
  readonly slowDriver: number
  readonly drops: number
  readonly dropsReseal: number
  readonly usbWhenOff: number
  readonly extraStop: number
  readonly slowLanding: number
  readonly resealLate: number
  readonly wakes: number
  readonly sleeps: number
  readonly mishap: number
  readonly duplicate: number
  readonly network: number
}
/** Sensible rates of a rough day, so that 300 devices meet every hazard [chosen, not measured]. */
export const ROUGH: Shares = {
  windows10: 0.2,
  obstacle: 0.02,
  resealedBefore: 0.01,
  associated: 0.007,
  menu2026: 0.03,
  noProfile: 0.015,
  refresh: 0.02,
  wrongNames: 0.015,
  wrongCustomer: 0.015,
  greenDiffers: 0.004,
  offline: 0.015,
  red: 0.1,
  unlisted: 0.006,
  hang: 0.005,
  slowDriver: 0.08,
  drops: 0.03,
  dropsReseal: 0.01,
  usbWhenOff: 0.1,
  extraStop: 0.02,
  slowLanding: 0.03,
  resealLate: 0.02,
  wakes: 0.015,
  sleeps: 0.02,
  mishap: 0.09,
  duplicate: 0.006,
  network: 0.03,
}
/** A plain good day with a few hazards. */
export const PLAIN: Shares = {
  windows10: 0.1,
  obstacle: 0,
  resealedBefore: 0,
  associated: 0,
  menu2026: 0.01,
  noProfile: 0,
  refresh: 0.01,
  wrongNames: 0,
  wrongCustomer: 0,
  greenDiffers: 0,
  offline: 0,
  red: 0.03,
  unlisted: 0,
  hang: 0,
  slowDriver: 0.03,
  drops: 0,
  dropsReseal: 0,
  usbWhenOff: 0.03,
  extraStop: 0,
  slowLanding: 0.01,
  resealLate: 0.01,
  wakes: 0,
  sleeps: 0,
  mishap: 0,
  duplicate: 0,
  network: 0,
}
