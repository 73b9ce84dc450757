// What can go wrong before the program itself runs: one table, printed the way the program prints faults.

/** @type {Readonly<Record<string, { meaning: string, hint: string }>>} */
export const SETUP_FAILURES = {
  SETUP_PLATFORM: {
    meaning: 'This operating system or processor has no pinned runtime.',
    hint: 'Use Linux on x64 or arm64.',
  },
  SETUP_NODE_TOO_OLD: {
    meaning: "The machine's own Node cannot run the launcher.",
    hint: 'Install Node 20 or newer with npm 10 or newer.',
  },
  SETUP_INSTALL_FAILED: {
    meaning: 'npm could not install the packages of the lock file.',
    hint: 'Check the network, the free disk space and the npm output above, then start again.',
  },
  SETUP_RUNTIME_MISSING: {
    meaning: 'npm installed everything but the pinned Node.',
    hint: 'Remove omit=optional from the npm configuration, delete node_modules and start again.',
  },
  SETUP_PART_MISSING: {
    meaning: 'The command needs a file that this checkout does not have.',
    hint: 'Check out a complete revision with git status and git checkout.',
  },
  SETUP_BOARD_FAILED: {
    meaning: 'The board could not be bundled from agent/dashboard.',
    hint: 'Mend the source that the output above names.',
  },
  SETUP_NOT_ROOT: {
    meaning: 'A service can be installed and removed by root alone.',
    hint: 'Run the script with sudo.',
  },
  SETUP_DEBIAN_PACKAGES: {
    meaning: 'Tests use Debian packages that are not installed.',
    hint: 'Run the apt-get line above as root.',
  },
}

/** A failure with a code of the table; `output` is what a tool printed and is shown above it. */
export class Failure extends Error {
  /**
   * @param {string} code
   * @param {string} sentence
   * @param {string} [output]
   */
  constructor(code, sentence, output = '') {
    super(sentence)
    this.code = code
    this.output = output
  }
}

/**
 * The text for stderr, in the form that every command of reseal uses.
 * @param {Failure} failure
 */
export function failureText({ code, message, output }) {
  const shown = output.trim() === '' ? '' : `${output.trimEnd()}\n`
  return `${shown}reseal: ${code}: ${message} ${SETUP_FAILURES[code]?.hint ?? ''}\n`
}
