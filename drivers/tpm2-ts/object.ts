// Objects in the TPM: made, loaded or read, with their names checked, and always flushed.
import { sameBytes } from './codec/bytes.ts'
import { Create } from './commands/create.ts'
import { CreatePrimary } from './commands/create-primary.ts'
import { Load } from './commands/load.ts'
import { ReadPublic } from './commands/read-public.ts'
import { nameOf } from './crypto/hash.ts'
import { type Entity, handleName } from './entity.ts'
import { TpmFault } from './fault.ts'
import type { PcrSelection } from './structures/common.ts'
import type { PublicArea } from './structures/public.ts'
import type { RunOptions, Tpm } from './tpm.ts'

/** An object that was there before us, as the endorsement key at 0x81010001; it is never flushed. */
export interface KnownObject extends Entity {
  readonly publicArea: PublicArea
  readonly qualifiedName: Uint8Array
}

const EMPTY = new Uint8Array(0)

/** A transient object; `await using` flushes it, and afterwards its handle is poison. */
export class LoadedObject implements Entity, AsyncDisposable {
  readonly #tpm: Tpm
  readonly #handle: number
  readonly name: Uint8Array
  readonly publicArea: PublicArea
  readonly auth: Uint8Array
  #isFlushed = false

  constructor(
    tpm: Tpm,
    handle: number,
    publicArea: PublicArea,
    name: Uint8Array,
    auth: Uint8Array,
  ) {
    this.#tpm = tpm
    this.#handle = handle
    this.publicArea = publicArea
    this.name = name
    this.auth = auth
  }

  /** Throws `TPM_FLUSHED` after `flush`: the number may stand for another object by then. */
  get handle(): number {
    if (this.#isFlushed) throw new TpmFault('TPM_FLUSHED', 'The object was flushed.')
    return this.#handle
  }

  async flush(): Promise<void> {
    if (this.#isFlushed) return
    this.#isFlushed = true
    await this.#tpm.flush(this.#handle)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush()
  }
}

/** The name that the TPM says, if it is that of the public area it says. */
function checkedName(publicArea: PublicArea, name: Uint8Array): Uint8Array {
  if (!sameBytes(nameOf(publicArea), name)) {
    throw new TpmFault('TPM_INTEGRITY', 'The name of the object is not that of its public area.')
  }
  return name
}

async function loaded(
  tpm: Tpm,
  handle: number,
  area: PublicArea,
  name: Uint8Array,
  auth: Uint8Array,
): Promise<LoadedObject> {
  try {
    return new LoadedObject(tpm, handle, area, checkedName(area, name), auth)
  } catch (error) {
    await tpm.flush(handle)
    throw error
  }
}

export interface CreationOptions extends RunOptions {
  /** The new object's own authorisation value. */
  readonly userAuth?: Uint8Array
  readonly outsideInfo?: Uint8Array
  readonly creationPcr?: readonly PcrSelection[]
}

const creation = (template: PublicArea, options: CreationOptions) => ({
  inSensitive: { userAuth: options.userAuth ?? EMPTY, data: EMPTY },
  inPublic: template,
  outsideInfo: options.outsideInfo ?? EMPTY,
  creationPcr: options.creationPcr ?? [],
})

/** Derives a primary key from the hierarchy's seed: the same template gives the same key. */
export async function createPrimary(
  tpm: Tpm,
  hierarchy: Entity,
  template: PublicArea,
  options: CreationOptions = {},
): Promise<LoadedObject> {
  const request = { primaryHandle: hierarchy, ...creation(template, options) }
  const { objectHandle, outPublic, name } = await tpm.run(CreatePrimary, request, options)
  return loaded(tpm, objectHandle, outPublic, name, options.userAuth ?? EMPTY)
}

/** A key wrapped by its parent, as bytes to keep and load. */
export interface WrappedObject {
  readonly outPrivate: Uint8Array
  readonly outPublic: PublicArea
}

/** Makes a new key below `parent`; it is not loaded yet. */
export async function create(
  tpm: Tpm,
  parent: Entity,
  template: PublicArea,
  options: CreationOptions = {},
): Promise<WrappedObject> {
  const request = { parentHandle: parent, ...creation(template, options) }
  return tpm.run(Create, request, options)
}

/** Loads a wrapped key under its parent. */
export async function load(
  tpm: Tpm,
  parent: Entity,
  { outPrivate, outPublic }: WrappedObject,
  options: RunOptions & { readonly userAuth?: Uint8Array } = {},
): Promise<LoadedObject> {
  const request = { parentHandle: parent, inPrivate: outPrivate, inPublic: outPublic }
  const { objectHandle, name } = await tpm.run(Load, request, options)
  return loaded(tpm, objectHandle, outPublic, name, options.userAuth ?? EMPTY)
}

/** Reads the public area behind a handle, persistent or transient, and checks its name. */
export async function readPublic(
  tpm: Tpm,
  handle: number,
  options: RunOptions = {},
): Promise<KnownObject> {
  // ReadPublic names no authorised object; the name is what it is asked for.
  const objectHandle: Entity = { handle, name: handleName(handle) }
  const answer = await tpm.run(ReadPublic, { objectHandle }, options)
  const name = checkedName(answer.outPublic, answer.name)
  return { handle, name, publicArea: answer.outPublic, qualifiedName: answer.qualifiedName }
}
