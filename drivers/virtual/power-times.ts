// How long a simulated device takes to come up, and what its wire does meanwhile.

/** Mb/s of a device that is up, and of one that waits for a wake-up packet when off (facts/hardware §6.4). */
export const FULL_SPEED = 1000
export const SLEEP_SPEED = 100

/** From power-on until the wire is up, and the flap when the operating system takes the card over [facts/hardware §6.4, chosen]. */
export const PHY_MS = 1800
export const FLAP_MS = 1500
export const FLAP_AT = 0.6
export const FIRMWARE_AT = 0.3
/** From plugging the keyboard in until it is enumerated, about 0.4 s in a VM [facts/hardware §2.3]. */
export const ENUMERATE_MS = 600
/** A restart longer than this shows a short link in between, as firmware does. */
export const LONG_RESTART_MS = 15_000
export const FIRMWARE_LINK_MS = 2000
