// What a failed try to connect means: another protocol version, a refusal that a person must mend, or a broker that is away.

export type Refusal = 'version' | 'refused' | 'down'

/** CONNACK codes of MQTT 3.1.1 (§3.2.2.3) and 5 (§3.2.2.2): the version is not spoken there. */
const VERSION: readonly number[] = [1, 132]
/** Identifier, user and password, not authorised, malformed, banned, authentication method, server moved. */
const REFUSED: readonly number[] = [
  2, 4, 5, 129, 130, 133, 134, 135, 138, 140, 144, 149, 154, 155, 157,
]

/** Beginnings of the codes that Node and OpenSSL give to certificates that do not hold. */
const TLS = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_|EPROTO)/

/** `code` is the one of the error: a reason code of MQTT, or a name of Node. */
export function refusalOf(code: unknown): Refusal {
  if (typeof code === 'number') {
    return VERSION.includes(code) ? 'version' : REFUSED.includes(code) ? 'refused' : 'down'
  }
  return typeof code === 'string' && TLS.test(code) ? 'refused' : 'down'
}
