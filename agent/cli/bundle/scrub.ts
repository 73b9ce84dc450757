// Takes secrets and people out of texts that leave the bench: what the config's secret files hold, and what looks like one.

/** Shorter ones would take words out of every sentence; a secret of three letters is none. */
const SECRET_MIN = 4
const GONE = '***'

/** What looks like a secret or a person wherever it stands, and what takes its place. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, GONE],
  // User and password inside an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${GONE}@`],
  // A recovery key of BitLocker: eight groups of six digits.
  [/\b\d{6}(?:-\d{6}){7}\b/g, GONE],
  [/(\bbearer\s+)[\w.~+/=-]+/gi, `$1${GONE}`],
  [
    /(["']?(?:password|passwd|secret|token|community|authorization|cookie)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi,
    `$1${GONE}`,
  ],
  // Names of end users travel as addresses; the domain says which customer it is and stays.
  [/[\w.%+-]+(@[\w-]+(?:\.[\w-]+)+)/g, `${GONE}$1`],
]

/** A function that gives a text back without `secrets` (also in base64 and percent-encoded) and without the patterns. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SECRET_MIN)
    .flatMap((secret) => [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
  // The longest first: one secret may be the beginning of another.
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const secret of known) clean = clean.replaceAll(secret, GONE)
    for (const [pattern, instead] of PATTERNS) clean = clean.replace(pattern, instead)
    return clean
  }
}
