// A sound TPM as it is seen, for tests that change one thing of it.
import type {
  EkCertificate,
  LogSighting,
  TpmProperties,
  TpmSighting,
  WindowsSighting,
} from '../../agent/core/tpm/sighting.ts'

export const PROPERTIES: TpmProperties = {
  manufacturer: 0x49465800,
  vendorText: 'SLB9672',
  firmware: [16, 13, 0, 0],
  ownerAuthSet: false,
  endorsementAuthSet: false,
  lockoutAuthSet: false,
  inLockout: false,
  lockoutCounter: 0,
  lockoutMax: 32,
}
export const CERTIFICATE: EkCertificate = {
  where: '0x01C00002',
  fingerprint: 'ab'.repeat(32),
  issuer: 'CN=Test',
  notAfter: Date.UTC(2040, 0, 1),
  findings: [],
  oddities: [],
  chain: { verdict: 'valid', path: ['CN=Test', 'CN=Root'], detail: '' },
  manufacturer: 0x49465800,
  model: 'SLB9672_FW16',
  version: 'id:0010',
}
export const LOG: LogSighting = {
  events: 30,
  bank: 'sha256',
  differing: [],
  secureBoot: true,
  debug: [],
  debugKnown: true,
  keys: [],
  bootManager: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi',
  authority: 'Microsoft Windows Production PCA 2011',
  oddities: [],
}
export const SIGHTING: TpmSighting = {
  trouble: null,
  family: { seen: '2.0' },
  properties: { seen: PROPERTIES },
  banks: { seen: ['sha256'] },
  persistentSrk: { absent: 'not needed' },
  ek: {
    seen: {
      key: 'rsa2048 0x81010001',
      isPersistent: true,
      strength: { kind: 'rsa2048', bits: 2048, isRoca: false, isExponentUsual: true },
      hash: 'cd'.repeat(32),
      certificate: { state: 'matches', certificate: CERTIFICATE },
      others: [],
      unreadable: [],
    },
  },
  ak: { seen: { kind: 'P-256 ECDSA', faults: [] } },
  activation: { seen: 'returned' },
  quote: {
    seen: {
      failed: null,
      bank: 'sha256',
      attested: '',
      signature: '',
      nonce: '',
      clockMs: '1',
      resetCount: 1,
      restartCount: 0,
      isClockSafe: true,
    },
  },
  log: { seen: LOG },
  commands: 20,
  tookMs: 80,
}
export const WINDOWS: WindowsSighting = {
  flags: {
    present: true,
    version: '2.0',
    initialized: true,
    readyForStorage: true,
    readyForAttestation: true,
    capableForAttestation: true,
    clearNeeded: false,
    vulnerableFirmware: false,
    lockedOut: false,
  },
  information: 0,
  firstTaskRan: true,
  clockOffsetMs: 0,
  build: '26100.4946',
}
