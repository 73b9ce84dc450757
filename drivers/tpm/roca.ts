// Tells RSA keys that a faulty Infineon library made (ROCA, CVE-2017-15361), by the fingerprint of their modulus.

/** The 38 odd primes up to 167 of the published fingerprint. */
export const ROCA_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
] as const

/** The powers of 65537 modulo a prime: the index of each is its logarithm. */
function powersOf(prime: number): readonly number[] {
  const powers: number[] = []
  let power = 1
  do {
    powers.push(power)
    power = (power * 65_537) % prime
  } while (power !== 1)
  return powers
}

/** Bit r is set when r is a power of 65537 modulo the prime; the published form of the fingerprint. */
export const markerOf = (prime: number): bigint =>
  powersOf(prime).reduce((marker, power) => marker | (1n << BigInt(power)), 0n)

const TABLE = ROCA_PRIMES.map((prime) => ({ prime: BigInt(prime), powers: powersOf(prime) }))

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))

/**
 * True when the modulus is 65537^a modulo all the primes at once, with one exponent a, as n = p·q of that library is
 * (Nemec and others, 2017). Looking at each prime alone would also name moduli that were made to look like it.
 * @param modulus big-endian
 */
export function hasRocaFingerprint(modulus: Uint8Array): boolean {
  if (modulus.length < 32 || modulus.length > 1024) return false
  const number = BigInt(`0x${Buffer.from(modulus).toString('hex')}`)
  const logs = TABLE.map(({ prime, powers }) => ({
    log: powers.indexOf(Number(number % prime)),
    order: powers.length,
  }))
  if (logs.some(({ log }) => log < 0)) return false
  return logs.every((one, index) =>
    logs
      .slice(index + 1)
      .every((other) => (one.log - other.log) % gcd(one.order, other.order) === 0),
  )
}
