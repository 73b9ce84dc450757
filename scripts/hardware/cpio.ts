// Writes the archive in which the kernel takes its first files: "newc", of the kernel's Documentation/driver-api/early-userspace/buffer-format.

export interface CpioFile {
  readonly path: string
  /** Null: a folder. */
  readonly content: Uint8Array | null
  readonly isProgram?: boolean
}

const FOLDER_MODE = 0o040755
const FILE_MODE = 0o100644
const PROGRAM_MODE = 0o100755

const padded = (bytes: Uint8Array): Uint8Array[] => [
  bytes,
  new Uint8Array((4 - (bytes.length % 4)) % 4),
]

function entry(ino: number, path: string, mode: number, content: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`)
  // ino, mode, uid, gid, nlink, mtime, filesize, 4 device numbers, namesize, check
  const fields = [ino, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0]
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`
  return [...padded(Buffer.concat([Buffer.from(head), name])), ...padded(content)]
}

/** The archive of these files; folders must stand before what they hold. Paths are without a leading slash. */
export function cpio(files: readonly CpioFile[]): Uint8Array {
  const none = new Uint8Array()
  const parts = files.flatMap(({ path, content, isProgram }, i) => {
    const fileMode = isProgram === true ? PROGRAM_MODE : FILE_MODE
    return entry(i + 1, path, content === null ? FOLDER_MODE : fileMode, content ?? none)
  })
  return Buffer.concat([...parts, ...entry(0, 'TRAILER!!!', 0, none)])
}
