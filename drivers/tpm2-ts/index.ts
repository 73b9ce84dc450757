// The package's face: everything that a program may use, and nothing that it should not rely on.
export { type Authorization, password, type Signed } from './authorization.ts'
export {
  capabilities,
  listHandles,
  loadedHandles,
  readBanks,
  readProperties,
} from './capability.ts'
export { concat, sameBytes } from './codec/bytes.ts'
export {
  type AnyCodec,
  type Codec,
  decode,
  encode,
  type Fields,
  type FieldsOf,
  fixed,
  i32,
  list,
  sized,
  sized8,
  sizedOf,
  struct,
  type TypeOf,
  u8,
  u16,
  u32,
  u64,
} from './codec/codec.ts'
export { Reader } from './codec/reader.ts'
export { openTagged, tagged } from './codec/union.ts'
export { Writer } from './codec/writer.ts'
export {
  type AnswerOf,
  type Command,
  defineCommand,
  type RequestOf,
  TIMEOUTS,
  type TimeClass,
} from './command.ts'
export { ActivateCredential } from './commands/activate-credential.ts'
export { Certify } from './commands/certify.ts'
export { Create } from './commands/create.ts'
export { CreatePrimary } from './commands/create-primary.ts'
export { FlushContext } from './commands/flush-context.ts'
export { GetCapability } from './commands/get-capability.ts'
export { GetRandom } from './commands/get-random.ts'
export { GetTestResult } from './commands/get-test-result.ts'
export { Load } from './commands/load.ts'
export { MakeCredential } from './commands/make-credential.ts'
export { NvRead } from './commands/nv-read.ts'
export { NvReadPublic } from './commands/nv-read-public.ts'
export { PcrRead } from './commands/pcr-read.ts'
export { PolicyGetDigest } from './commands/policy-get-digest.ts'
export { PolicyOr } from './commands/policy-or.ts'
export { PolicySecret } from './commands/policy-secret.ts'
export { Quote } from './commands/quote.ts'
export { ReadClock } from './commands/read-clock.ts'
export { ReadPublic } from './commands/read-public.ts'
export { SelfTest } from './commands/self-test.ts'
export { StartAuthSession } from './commands/start-auth-session.ts'
export { Startup } from './commands/startup.ts'
export { TestParms } from './commands/test-parms.ts'
export * from './constants.ts'
export { type Credential, makeCredential } from './crypto/credential.ts'
export { digestOf, hashByAlg, hmacOf, nameOf, nvNameOf } from './crypto/hash.ts'
export { kdfa, kdfe } from './crypto/kdf.ts'
export { publicKeyOf } from './crypto/keys.ts'
export { type SharedSecret, type ShareOptions, shareSecret } from './crypto/secret.ts'
export { isSignedBy, signatureHash, verifySignature } from './crypto/signature.ts'
export { satisfyEkPolicy, takesPassword } from './ek.ts'
export { type Entity, nvIndex, permanent } from './entity.ts'
export { isResponse, isTpmFault, TpmFault, type TpmFaultCode } from './fault.ts'
export { findNv, type NvIndex, type NvReadOptions, readNv } from './nv.ts'
export {
  type CreationOptions,
  create,
  createPrimary,
  type KnownObject,
  LoadedObject,
  load,
  readPublic,
  type WrappedObject,
} from './object.ts'
export {
  type PcrValues,
  pcrDigest,
  readPcrs,
  sameSelection,
  selectedPcrs,
  selectPcrs,
} from './pcr.ts'
export {
  checkQuote,
  type QuoteAttest,
  type QuoteCheck,
  type QuoteClaim,
  type QuoteExpectation,
  type QuoteFinding,
} from './quote-check.ts'
export { type ResponseCode, responseCode, responseText, type Subject } from './response-code.ts'
export { Session, type SessionOptions, startSession, type Uses } from './session.ts'
export { type Attest, attest, decodeAttest } from './structures/attest.ts'
export { type CapabilityData, capabilityData } from './structures/capability.ts'
export * from './structures/common.ts'
export { type NvPublic, nvPublic } from './structures/nv.ts'
export {
  type EccPoint,
  type EccPublic,
  eccPoint,
  type PublicArea,
  publicArea,
  publicParameters,
  type RsaPublic,
  sizedPublic,
} from './structures/public.ts'
export * from './structures/schemes.ts'
export { type Signature, signature } from './structures/signature.ts'
export {
  AK_P256,
  AK_RSA2048,
  EK_TEMPLATES,
  type EkTemplate,
  SRK_P256,
  SRK_RSA2048,
} from './templates.ts'
export type { Sleep } from './timers.ts'
export { type RunOptions, Tpm, type TpmOptions } from './tpm.ts'
export { deviceTransport } from './transport/device.ts'
export { simulatorTransport, tcpTransport, unixTransport } from './transport/sockets.ts'
export type { OpenTransport, TpmTransport, TransportOptions } from './transport/transport.ts'
export { transportFromUrl } from './transport/url.ts'
export {
  type AuthCommand,
  type AuthResponse,
  authCommand,
  authResponse,
  decodeResponse,
  encodeCommand,
  responseHeader,
} from './wire.ts'
