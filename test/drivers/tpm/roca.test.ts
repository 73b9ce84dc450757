// ROCA: the published markers and moduli, and moduli made to look like it prime by prime.
import { expect, test } from 'vitest'
import { hasRocaFingerprint, markerOf, ROCA_PRIMES } from '../../../drivers/tpm/roca.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

// Published test moduli of the fingerprint's authors (crocs-muni/roca, mod03 and mod05 with cert03).
const WEAK = bytes(
  '9dcd7420e420c270a68060eb8b5aa7457a9f6648f86fafed2775cc1f79ae962f1e63f1b9e51c55f9ea6fdc7332e9b0058c9ff2eb1fc89855029cf6aafe21e689feb38ac9ffb12f1ce371bb5d0e9aae64161abce74b4244bf68f1edb4411f756a097c8929c14740245ea355f8332d1aa36bb50c7dcb4505da8de02e4e53d38f8df06097da7524df0df93db48eac8cc4af2d3a16257eb2b2adca6ba464e5974fa92550d31b1babf161e7692d00b86e3dd886ecab4abfbe1a8f8cc263ff4af55cdb45f4249a5193925f5e983d762f0b6800943eb0267b08f42ed311ce1f5c86eacbc8ce4d3cb7a2fee1ef5641423a1cf4114e5ecf50034a60a412523af9e6f4aa11',
)
const SOUND = bytes(
  'ba68fc5fbb606c4d428ab98b355d66214db4f7e475b5f7ffddc349c73f7d659965121ab16a4014e6c465c111d850205853d113f712127e4a230aa97f481eed6410f6c345f48e25fb81c42ec6815dc35cdd839e0de91fb2bec848d0910fa77e2c31f99ec9bcc7ed167812bd724318b0adf492d6b47c5ce050184e877ea64045f9501bf70569cffd102db7299f49e9c00222af9115d0aada967dfe759b7e4576e85c3a4ff594039231b90b448b90c3236083bcf819bc318d53a2018ec9b401f102ba9ee13dde592a42b032df136689d9c5619db55d519853a422d3100624d2d9e478218375f460c26930eda8cd0d947e58ffe9b7be2445356deaed988223e3ed1d',
)
/** Made to have each prime's marker without one common exponent (the same authors' list of fakes, the first one). */
const FAKE =
  72414128973967872688332736535017614208620368242015797102796086827882754006260204061799547004983731426777596445658889886861027045033760014948048067467947960318205453778973975867532910489227970143091184725760290172935872752222320334100097730483600892686353719855397381316384244147860260153198611313067061116317n

test('the markers are those that were published', () => {
  expect(ROCA_PRIMES).toHaveLength(38)
  expect(ROCA_PRIMES.slice(0, 5).map((prime) => markerOf(prime))).toEqual([
    6n,
    30n,
    126n,
    1026n,
    5658n,
  ])
})

test('a published weak modulus is found and a sound one is not', () => {
  expect(hasRocaFingerprint(WEAK)).toBe(true)
  expect(hasRocaFingerprint(SOUND)).toBe(false)
})

test('a product of two numbers of the weak form is found, whatever their exponents', () => {
  const primorial = ROCA_PRIMES.reduce((product, prime) => product * BigInt(prime), 2n)
  const power = (exponent: number) => {
    let value = 1n
    for (let one = 0; one < exponent; one++) value = (value * 65_537n) % primorial
    return value
  }
  for (const [a, b, k] of [
    [1, 2, 7n],
    [1234, 99, 12_345n],
    [5000, 5001, 3n],
  ] as const) {
    const n = (k * primorial + power(a)) * ((k + 5n) * primorial + power(b))
    const hex = n.toString(16)
    expect(hasRocaFingerprint(bytes(hex.padStart(hex.length + (hex.length % 2), '0')))).toBe(true)
  }
})

test('a modulus that only looks like it, prime by prime, is not named', () => {
  const looksLike = ROCA_PRIMES.every(
    (prime) => ((markerOf(prime) >> (FAKE % BigInt(prime))) & 1n) === 1n,
  )
  expect(looksLike).toBe(true)
  expect(hasRocaFingerprint(bytes(FAKE.toString(16).padStart(256, '0')))).toBe(false)
})
