// The readiness verdict as one table: every check, every case that it can have, and what each case means.

export interface Case {
  readonly verdict: 'GO' | 'HOLD' | 'NO-GO'
  /** What to do: one sentence; empty when there is nothing to do. */
  readonly hint: string
}
export interface Row {
  /** The check in words an operator understands. */
  readonly title: string
  /** Which of the two verdicts it belongs to. */
  readonly side: 'station' | 'windows'
  readonly cases: Readonly<Record<string, Case>>
  /** What a value that should be there and is not means. */
  readonly missing: string
}

const go = { verdict: 'GO', hint: '' } as const
const hold = (hint: string) => ({ verdict: 'HOLD', hint }) as const
const noGo = (hint: string) => ({ verdict: 'NO-GO', hint }) as const

const AGAIN = 'Attest again; look at what broke off first.'
const FORGED = 'Do not provision it: its TPM is not what it says; take the device aside.'

export const TABLE = {
  'tpm-answers': {
    title: 'TPM answers',
    side: 'station',
    missing: AGAIN,
    cases: {
      yes: go,
      stopped: hold('Check the connection to the device and attest again.'),
      restarted: hold('The device restarted meanwhile; attest again when it stands still.'),
      garbled: hold(
        'Something between station and TPM damages answers; check it and attest again.',
      ),
      'no-slot': hold(
        'Another program holds all places for keys in the TPM; end it and attest again.',
      ),
      'timed-out': hold(
        'The TPM takes too long; attest again, and restart the device if it stays.',
      ),
      refused: hold('The TPM refuses a command that attestation needs; read the value.'),
    },
  },
  'tpm-family': {
    title: 'TPM 2.0 present',
    side: 'station',
    missing: 'Find out which TPM the device has.',
    cases: {
      '2.0': go,
      other: noGo('Switch the TPM to 2.0 in the firmware, if it can; else the device is not fit.'),
      none: noGo('Switch the TPM on in the firmware set-up.'),
    },
  },
  'tpm-physical': {
    title: 'physical TPM',
    side: 'station',
    missing: 'Find out who made the TPM.',
    cases: {
      'known-vendor': go,
      pluton: go,
      'test-tpm-accepted': go,
      'unknown-vendor': hold('The vendor is on no list; find out who made this TPM.'),
      'microsoft-unseen-machine': hold('Pluton or a virtual machine: look at the device.'),
      'virtual-machine': noGo('Virtual machines cannot be pre-provisioned.'),
      'test-tpm': noGo('A software TPM; only for tests, with --allow-test-tpm.'),
    },
  },
  'pcr-bank': {
    title: 'SHA-256 PCR bank',
    side: 'station',
    missing: AGAIN,
    cases: { active: go, 'sha1-only': noGo('Switch the SHA-256 bank on in the firmware set-up.') },
  },
  lockout: {
    title: 'lockout',
    side: 'station',
    missing: AGAIN,
    cases: {
      clear: go,
      counting: hold(
        'Somebody tried wrong passwords; wait until the counter is 0, or let IT clear it.',
      ),
      'in-lockout': noGo('Let the TPM rest until the lockout ends, or let IT clear it.'),
    },
  },
  'endorsement-auth': {
    title: 'endorsement authorisation',
    side: 'station',
    missing: AGAIN,
    cases: { clear: go, set: noGo('Attestation cannot run; let IT clear the TPM.') },
  },
  'owner-auth': {
    title: 'owner authorisation',
    side: 'station',
    missing: AGAIN,
    cases: {
      clear: go,
      'persistent-srk': go,
      set: hold('The TPM is owned by somebody; let IT clear it before provisioning.'),
    },
  },
  'ek-certificate': {
    title: 'EK certificate',
    side: 'station',
    missing: AGAIN,
    cases: {
      matches: go,
      'vendor-offers': hold('Not in the TPM; its vendor hands it out online. Check that address.'),
      none: noGo('No EK certificate anywhere; ask the maker of the device for an update.'),
      'another-key': noGo(FORGED),
      unreadable: hold('The EK certificate cannot be read; keep the bytes and ask the maker.'),
    },
  },
  'ek-profile': {
    title: 'EK certificate profile',
    side: 'station',
    missing: 'There is no certificate to look at.',
    cases: {
      valid: go,
      deviates: hold(
        'The certificate leaves something out; compare with another device of this model.',
      ),
      'wrong-use': noGo(FORGED),
    },
  },
  'ek-chain': {
    title: 'EK certificate chain',
    side: 'station',
    missing: 'There is no certificate to look at.',
    cases: {
      valid: go,
      'unknown-root': hold("Add the vendor's root with `reseal tpm-roots add`, if you trust it."),
      expired: hold('Decide whether an expired EK certificate will do; many vendors never renew.'),
      'expired-issuer': hold(
        "Add the issuer's newer certificate, or decide that the old one will do.",
      ),
      'not-yet-valid': hold('Check the clock of the bench PC.'),
      'weak-signature': hold('Signed over SHA-1, which can be forged; decide whether it will do.'),
      'not-understood': hold(
        'The certificate uses something that is not understood; ask the maker.',
      ),
      'issuer-not-ca': noGo(FORGED),
      'broken-signature': noGo(FORGED),
    },
  },
  'ek-manufacturer': {
    title: 'manufacturer agrees',
    side: 'station',
    missing: 'The certificate names no manufacturer.',
    cases: { equal: go, 'test-tpm-accepted': go, differs: noGo(FORGED) },
  },
  roca: {
    title: 'ROCA',
    side: 'station',
    missing: AGAIN,
    cases: {
      negative: go,
      positive: noGo('A weak Infineon key; update the firmware and clear the TPM.'),
    },
  },
  'ek-strength': {
    title: 'EK strength',
    side: 'station',
    missing: AGAIN,
    cases: {
      usual: go,
      unusual: hold('No template has such a key; ask the maker.'),
      weak: noGo('The key is too short for attestation; ask the maker for an update.'),
    },
  },
  firmware: {
    title: 'firmware rules',
    side: 'station',
    missing: AGAIN,
    cases: {
      'not-listed': go,
      'update-advised': hold('Update the firmware of the TPM, or decide to go on.'),
      vulnerable: noGo('Update the firmware of the TPM, then clear it.'),
    },
  },
  'known-issues': {
    title: 'known issues',
    side: 'station',
    missing: AGAIN,
    cases: {
      none: go,
      match: hold('Attestation fails on some of these; update the firmware of the device first.'),
      blocks: noGo('Attestation fails on these; update the firmware of the device first.'),
    },
  },
  'ak-attributes': {
    title: 'AK attributes',
    side: 'station',
    missing: AGAIN,
    cases: { right: go, wrong: noGo(FORGED) },
  },
  activation: {
    title: 'credential activation',
    side: 'station',
    missing: AGAIN,
    cases: {
      returned: go,
      'timed-out': hold('Attest again; if it stays, restart the device.'),
      'wrong-secret': noGo(FORGED),
    },
  },
  quote: {
    title: 'quote',
    side: 'station',
    missing: AGAIN,
    cases: { holds: go, fails: noGo(FORGED) },
  },
  'event-log': {
    title: 'event log',
    side: 'station',
    missing: 'Let the probe hand over the measured boot log.',
    cases: {
      equal: go,
      differs: noGo('The log is not what the TPM measured; restart the device and attest again.'),
    },
  },
  'secure-boot': {
    title: 'Secure Boot, debug',
    side: 'station',
    missing: 'The log says nothing of Secure Boot; look in the firmware set-up.',
    cases: {
      sound: go,
      unknown: hold('The log says nothing of Secure Boot; look in the firmware set-up.'),
      unsound: hold('Switch Secure Boot on, debugging off, and restart.'),
      'unsound-demanded': noGo('The work order demands it: switch Secure Boot on, debugging off.'),
    },
  },
  'windows-flags': {
    title: 'Windows flags',
    side: 'windows',
    missing: 'Run the probe again, as administrator.',
    cases: {
      ready: go,
      'before-first-task': hold(
        'Windows prepares its TPM in the first minutes; probe again later.',
      ),
      incomplete: hold('Run the probe again, as administrator; a flag was not told.'),
      'not-ready': hold('Read the flags; Windows cannot use its TPM yet.'),
      'vulnerable-firmware': noGo('Update the firmware of the TPM, then clear it.'),
      'clear-needed': noGo('Clear the TPM in the firmware set-up.'),
      'locked-out': noGo('Let the TPM rest until the lockout ends, or let IT clear it.'),
    },
  },
  'device-clock': {
    title: 'clock of the device',
    side: 'windows',
    missing: 'Run the probe again.',
    cases: {
      right: go,
      late: hold('Set the clock of the device; attestation fails when it is minutes off.'),
      wrong: noGo('Set the clock of the device; attestation fails when it is minutes off.'),
    },
  },
} as const satisfies Readonly<Record<string, Row>>

export type RowId = keyof typeof TABLE
export type CaseOf<R extends RowId> = Extract<keyof (typeof TABLE)[R]['cases'], string>

/** What was found for one row: a case of the table, or no value. */
export type Found<R extends RowId> =
  | { readonly is: CaseOf<R>; readonly value: string }
  | { readonly missing: string }
  | { readonly absent: string }

/** Each finding of the certificate profile: `hard` forbids its use, `soft` is a gap, `note` is only told. */
export const PROFILE_WEIGHTS = {
  'ca-flag': ['hard', 'it may sign certificates (CA flag)'],
  'wrong-purpose': ['hard', 'its purpose is not endorsement (extended key usage)'],
  'not-v3': ['soft', 'it is no X.509 version 3'],
  'unknown-key': ['soft', 'its kind of key is unknown'],
  'wrong-key-usage': ['soft', 'its key may not be used for encryption'],
  'serial-not-positive': ['soft', 'its serial number is not positive'],
  'no-issuer': ['soft', 'it names no issuer'],
  'no-tpm-name': ['soft', 'it does not name its TPM'],
  'tpm-name-incomplete': ['soft', 'it names its TPM only in part'],
  'no-basic-constraints': ['soft', 'it does not say that it is no CA'],
  'no-key-usage': ['soft', 'it does not say what its key is for'],
  'no-ek-purpose': ['soft', 'it names no purpose'],
  'several-tpm-names': ['note', 'it names its TPM in several places'],
  'no-authority-key': ['note', "it does not name its issuer's key"],
  criticality: ['note', 'an extension has the wrong criticality'],
} as const satisfies Readonly<Record<string, readonly ['hard' | 'soft' | 'note', string]>>

/** Limits of the row `device-clock`, ms (facts: TPM, section 9). */
export const CLOCK_LIMITS = { right: 60_000, late: 120_000 } as const
