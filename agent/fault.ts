// One table of everything that can go wrong: who must act, what it means, what to do. Codes are never reused.

export type Who = 'operator' | 'device' | 'station' | 'backend' | 'usage'

export interface FaultRow {
  readonly who: Who
  readonly meaning: string
  /** One imperative sentence. */
  readonly hint: string
  /** True when it may go away by itself. */
  readonly transient: boolean
}

const row = (who: Who, transient: boolean, meaning: string, hint: string): FaultRow => ({
  who,
  meaning,
  hint,
  transient,
})

// biome-ignore format: a table, one fault a line
export const FAULTS = {
  // Usage and configuration.
  USAGE_COMMAND: row('usage', false, 'The command line is not understood.', 'Run `reseal --help` for the commands and their options.'),
  USAGE_NO_TERMINAL: row('usage', false, 'The command asks questions and there is no terminal to ask on.', 'Run it in a terminal, or with --dry-run.'),
  CONFIG_UNREADABLE: row('usage', false, 'The configuration file cannot be read.', 'Check the path and that the user running reseal may read it.'),
  CONFIG_INVALID: row('usage', false, 'The configuration breaks its schema.', 'Mend every place that is named; `reseal config check FILE` shows them all.'),
  KEY_SCRIPT_UNSAFE: row('usage', false, 'A key script breaks a safety rule and is not loaded.', 'Mend the burst that is named; station-config/README.md has the rules.'),
  KEY_SCRIPT_INVALID: row('usage', false, 'A key script breaks its schema.', 'Mend the place that is named.'),
  ORDERS_INVALID: row('usage', false, 'A work order file has bad lines; nothing of it was imported.', 'Mend the lines that are named and import the file again.'),
  FILE_UNREADABLE: row('usage', false, 'A file cannot be read or written.', 'Check the path, the permissions and the free space.'),
  // Operator.
  OPERATOR_STALE_PROMPT: row('operator', false, 'The answer is for a question that is no longer open.', 'Look at the bay again and answer what it asks now.'),
  OPERATOR_OTHER_ANSWER: row('operator', false, 'Another answer to this question was already taken.', 'Undo the first answer while the bay offers it, or go on with what was taken.'),
  OPERATOR_ANSWER_UNKNOWN: row('operator', false, 'The answer is none of the choices of this question.', 'Choose one of the answers that the bay shows.'),
  OPERATOR_NOT_NOW: row('operator', false, 'The bay cannot do that in its present state.', "Read the bay's line and do what it asks first."),
  OPERATOR_BUTTON: row('operator', false, 'This press of a button answers nothing here.', 'Use the other button, a barcode or the board, as the bay asks.'),
  OPERATOR_SCAN_UNREADABLE: row('operator', false, 'The scan is no serial number, QR code or command of ours.', 'Scan the serial number label of the device.'),
  OPERATOR_SCAN_DOUBTFUL: row('operator', false, 'The number is not as the maker of this order prints serial numbers.', 'Scan the serial number itself, or the same code once more if it is right.'),
  OPERATOR_SCAN_NO_BAY: row('operator', false, 'The scan names no bay and more than one bay waits.', 'Scan the label of the bay first, then the device.'),
  OPERATOR_DUPLICATE_SERIAL: row('operator', false, 'Another bay has an open run with the same serial number.', 'Compare the labels of both devices and scan the right one here.'),
  OPERATOR_DUPLICATE_ZTDID: row('operator', false, 'Another bay has an open run with the same ZtdId.', 'Check which device shows which name; one of them was swapped.'),
  OPERATOR_SWAPPED: row('operator', false, 'The device in the bay seems to be another one than before.', 'Scan the serial number of the device that stands in the bay now.'),
  OPERATOR_WRONG_CUSTOMER: row('operator', false, 'The serial number belongs to another work order.', 'Take the device to its own order, or fetch the lead.'),
  OPERATOR_NOT_LISTED: row('operator', false, "The serial number is not on the list of this bay's work order.", 'Fetch the lead to allow it or take the device out.'),
  OPERATOR_POWERED_ON_AFTER_RESEAL: row('operator', false, 'A resealed device was switched on again; its next start belongs to the user.', 'Switch it off, set it aside and tell the lead.'),
  OPERATOR_REMOVED: row('operator', false, 'The device was taken out before its run was finished.', 'Put it back and start again with a scan.'),
  OPERATOR_ABORTED: row('operator', false, 'A person ended the run.', 'Start again with a scan when the device may be provisioned.'),
  OPERATOR_RUN_OPEN: row('operator', false, 'The bay has an open run; its port is left as it is.', 'Wait for the end of the run, or ask again with --even-with-open-run.'),
  OPERATOR_PROBE_CODE: row('operator', false, 'The code of the probe is wrong, used, too old, or of a run that is over.', 'Ask for a new code at the bay and start the probe with it.'),
  OPERATOR_PHOTO_KIND: row('operator', false, 'The file is no JPEG, PNG or WebP picture that can be read.', 'Take the photo again with the camera of the phone.'),
  OPERATOR_PHOTO_LIMIT: row('operator', false, 'The run has as many photos as are kept.', 'Go on without another photo.'),
  OPERATOR_PHOTO_NO_RUN: row('operator', false, 'A photo belongs to a run, and this bay has none yet.', 'Scan the device first, then take the photo.'),
  // Device.
  DEVICE_ALREADY_RESEALED: row('device', false, 'The device was resealed before and no longer offers pre-provisioning.', 'Look its serial number up; hand it over, or let remote IT decide about a reset.'),
  DEVICE_NO_PROFILE: row('device', false, 'The device is not registered or has no Autopilot profile.', 'Let remote IT register the device and assign a profile, then run it again.'),
  DEVICE_ASSOCIATED_ELSEWHERE: row('device', false, 'The device runs device preparation, which has no pre-provisioning.', 'Let remote IT remove the device association.'),
  DEVICE_RED: row('device', false, 'Provisioning ended on the red page.', 'Read the code on the bay and follow its row in the documents.'),
  DEVICE_RESET: row('device', false, 'A person reset the device; the run ended with it.', 'Start the device again as a new run.'),
  DEVICE_TPM: row('device', false, 'The TPM of the device does not attest or Windows would refuse it.', 'Read the checks in the record and take the device to whoever services it.'),
  DEVICE_TPM_DATA: row('device', false, 'Bytes of the TPM or its firmware cannot be read.', 'Read the check that is named; keep the bytes if it happens again.'),
  DEVICE_TPM_SILENT: row('device', true, 'The TPM gives no answer.', 'Check the address, and that nothing else holds the TPM.'),
  DEVICE_PROBE_GONE: row('device', true, 'The probe on the device ended or stopped answering.', 'Ask for a new code at the bay and start the probe again.'),
  DEVICE_PROBE_REFUSED: row('device', false, 'The device would not pass a command on to its TPM.', 'Read the detail; on Windows start the probe as administrator.'),
  DEVICE_PROBE_DATA: row('device', false, 'What a probe sent breaks its protocol.', 'Start the probe of this version again; look at the device if it stays.'),
  DEVICE_PROBE_REPLAY: row('device', false, 'A probe sent something twice or out of turn.', 'Start the probe again with a new code; look at the device if it stays.'),
  DEVICE_WRONG_NAMES: row('device', false, 'The device shows another organisation, profile or user than its work order.', 'Let remote IT mend the assignment, then run it again.'),
  DEVICE_SLOW: row('device', false, 'A step took longer than its limit.', 'Look at the device; run it again when it is clear why it stood still.'),
  DEVICE_LOST: row('device', false, 'The device did not come back after its link went down.', 'Check power, cable and lid, then start again with a scan.'),
  DEVICE_BITLOCKER: row('device', false, 'The device asks for a BitLocker recovery key.', 'Take it aside; it is not a fresh device.'),
  DEVICE_NOT_OOBE: row('device', false, 'The device does not stand on a page of the out-of-box experience.', 'Take it aside and reset or reimage it.'),
  // Station.
  STATION_KEYBOARD_SILENT: row('station', true, 'The keyboard chip does not answer while a key is due.', 'Check the USB cable from the bay to the device and to the bench PC.'),
  STATION_KEYBOARD_GONE: row('station', true, 'The keyboard port of the bay is gone.', 'Plug the keyboard chip in again; `reseal doctor` shows its path.'),
  STATION_KEYBOARD_STUCK: row('station', true, 'A key burst did not end in time after it was cancelled.', 'Unplug the keyboard chip and plug it in again.'),
  STATION_KEYBOARD_MODE: row('station', false, 'The keyboard chip is not in keyboard-only mode.', "Let the station set the mode (mode=set in the keyboard address), or set it with the maker's tool."),
  STATION_KEYBOARD_PROTOCOL: row('station', true, 'The keyboard chip answers with garbage or refuses a command.', 'Check the baud rate and the cable; `reseal doctor` probes both rates.'),
  STATION_GADGET_NO_CONFIGFS: row('station', false, 'The kernel cannot make a USB gadget.', 'Load its modules (`modprobe libcomposite usb_f_hid`) and mount configfs on /sys/kernel/config.'),
  STATION_GADGET_NO_UDC: row('station', false, 'There is no such USB device controller.', 'Use a board with a USB device port and switch it to device mode; an ordinary PC has none and takes a keyboard chip.'),
  STATION_GADGET_BUSY: row('station', false, 'The USB device controller is used by another gadget.', 'Take the other gadget away, or name another controller with --udc.'),
  STATION_GADGET_FULL: row('station', false, 'The kernel has no room for another gadget keyboard; it takes four.', 'Take one away with `reseal gadget remove`, or use a keyboard chip.'),
  STATION_GADGET_DENIED: row('station', false, 'The user may not change USB gadgets.', 'Run the command as root.'),
  STATION_PORT_BUSY: row('station', false, 'The serial port or keyboard node is held by another program or part.', 'Stop the other program, or give each part of the config a path of its own; only one may hold it.'),
  STATION_PORT_DENIED: row('station', false, 'The user running reseal may not open the serial port or keyboard node.', 'Add the user to the group that owns it (dialout; plugdev for a gadget keyboard, by the udev rules of reseal) and start again.'),
  STATION_PORT_GONE: row('station', true, 'The serial port or keyboard node is not there.', 'Plug the adapter in again, set the gadget up again (`reseal gadget setup`), or correct the path in the config.'),
  STATION_LINK_MISSING: row('station', true, 'The network interface of the bay does not exist.', 'Check the name in the config and whether the card is plugged in.'),
  STATION_LINK_ADMIN_DOWN: row('station', true, 'The network interface of the bay is switched off.', 'Run `ip link set <interface> up`; for a port of a switch `reseal port BAY on`.'),
  STATION_SWITCH_SILENT: row('station', true, 'The switch of the bay does not answer.', 'Check its address, power and cable, and for v2c the community; some keep silent when a v3 key is wrong.'),
  STATION_SWITCH_REFUSED: row('station', false, 'The switch refuses what the station asks of it.', 'Check user, keys and rights of the station on the switch.'),
  STATION_PORT_FIXED: row('station', false, 'The station cannot switch the port of this bay.', 'Give the bay an snmp: link and its switch `control: true`; `reseal port --help` says more.'),
  STATION_SCANNER_GONE: row('station', true, 'A scanner is gone.', 'Plug the scanner in again; scans can be typed on the board meanwhile.'),
  STATION_BUTTON_GONE: row('station', true, 'The buttons of a bay are gone.', 'Plug them in again; answer by barcode or on the board meanwhile.'),
  STATION_LAMP_GONE: row('station', true, 'The lamp of a bay does not answer.', 'Plug the lamp in again; the board shows the same signal.'),
  STATION_PRINTER_GONE: row('station', true, 'The label printer does not take a label.', 'Check that it is on, has paper and its address; print the label again from the run or the bay.'),
  STATION_PRINTER_NONE: row('usage', false, 'The config names no label printer.', 'Add `printer: tcp:HOST` or `printer: file:/dev/usb/lp0`, or print the page of the label.'),
  STATION_LAMP_STUCK: row('station', true, 'A lamp relay does not follow what it is told.', 'Unplug the relay and plug it in again; a switch that stays stuck is worn out.'),
  STATION_HID_GONE: row('station', true, 'A HID peripheral is not there.', 'Plug it in again, or correct its address in the config; it is named by serial number or USB port.'),
  STATION_HID_WRONG: row('station', false, 'The HID peripheral at that address is another product than the config says.', 'Correct the driver or the address in the config; makers share USB ids, so the product name is checked too.'),
  STATION_HID_SILENT: row('station', true, 'A HID peripheral does not answer in time.', 'Unplug it and plug it in again; look at its hub and cable.'),
  STATION_HID_DENIED: row('station', false, 'The user running reseal may not open the HID peripheral.', 'Install the udev rules of reseal, or give its group the right to /dev/hidraw*.'),
  STATION_HID_BUSY: row('station', false, 'Two parts of the config name the same HID peripheral.', 'Give each part an address of its own.'),
  STATION_SCREEN_GONE: row('station', true, 'The screen capture of a bay gives no picture.', 'Check the capture and its cable.'),
  STATION_PROBE_COMMAND: row('station', false, 'The station asked for a TPM command that its relay never passes.', 'Report this; the device was not asked.'),
  STATION_MAILBOX_FULL: row('station', true, 'A bay has more inputs waiting than its mailbox holds.', 'Look for a part that floods the bay; `reseal doctor` names it.'),
  STATION_BAY_CRASHED: row('station', false, 'The program met a case that it does not know in this bay; its run was closed.', 'Put the bay back into service and report the bundle.'),
  STATION_BAY_CRASH_LOOP: row('station', false, 'The agent ended twice while it worked on this bay.', 'Take the device out, put the bay back into service, and report the bundle.'),
  STATION_LEDGER_FULL: row('station', true, 'The disk of the ledger is full; no key is pressed until there is room.', 'Free space on the disk of the data directory.'),
  STATION_LEDGER_READONLY: row('station', true, 'The ledger cannot be written.', 'Check permissions and mount of the data directory.'),
  STATION_LEDGER_CORRUPT: row('station', false, 'The ledger file is damaged.', 'Stop the station, keep the file, and restore the last backup with `reseal restore`.'),
  STATION_LEDGER_LOCKED: row('station', false, 'Another station or command uses this ledger.', 'Stop the other one, or choose another --data directory.'),
  STATION_LEDGER_NEWER: row('station', false, 'The ledger was written by a newer version of Reseal.', 'Install that version, or choose another --data directory.'),
  STATION_LEDGER_FAULT: row('station', true, 'The ledger refused a commit.', 'Read the log for the cause; the bay goes on by itself when it is gone.'),
  STATION_CHAIN_BROKEN: row('station', false, 'The hash chain of the ledger or export does not hold.', 'Keep the file as evidence and compare it with the heads published over MQTT.'),
  STATION_EXPORT_GAP: row('station', false, 'Too many entries of the chain stand between two runs for one row of an export.', 'Export in two parts, with --until and with --since the time between the two runs; each verifies by itself.'),
  STATION_PHOTO_LOST: row('station', false, 'A photo that the ledger names is missing, or its bytes changed.', 'Copy the photos folder of a backup beside the ledger, and keep what changed as evidence.'),
  STATION_ADDRESS_IN_USE: row('station', false, 'The address of the board is in use.', 'Stop the other program, or set another port in the config.'),
  STATION_CERTIFICATE: row('usage', false, 'The certificate of the station is not trusted.', 'Name it with --ca FILE, or with --fingerprint as the console of the station prints it; another fingerprint is another machine.'),
  STATION_NETWORK: row('station', true, 'The network of the bay is not fit for provisioning.', 'Run `reseal network` and mend what it names.'),
  STATION_DISK_LOW: row('station', true, 'The disk of the data directory is nearly full.', 'Free space before the ledger has to stop.'),
  STATION_CLOCK_FREE: row('station', true, 'No time server keeps the clock of this PC.', 'Switch time synchronisation on: `timedatectl set-ntp true`, or chrony.'),
  STATION_GROUP_MISSING: row('station', false, 'The user is not in the group that may open the parts.', 'Run `sudo usermod -aG <group> <user>` and sign in again; the service has the groups already.'),
  STATION_RULES_MISSING: row('station', false, 'The udev rules for HID parts are not installed, or are of another version.', 'Run `sudo scripts/install.sh`, or copy systemd/70-reseal.rules to /etc/udev/rules.d and run `udevadm control --reload`.'),
  STATION_MODULE_MISSING: row('station', false, 'The kernel has no driver for a kind of part.', "Install the kernel's own package of modules (linux-image of Debian has them all)."),
  STATION_HARDWARE_MISSING: row('station', true, 'A part named in the config is not there.', 'Plug it in or correct its address; `reseal doctor` lists what was found.'),
  STATION_DRIVER_UNKNOWN: row('usage', false, 'The config names a driver that this version does not have.', 'Use one of the drivers listed in drivers/README.md.'),
  STATION_NOT_RUNNING: row('station', true, 'No station answers at that address.', 'Start it with `npm start`, or name its address with --url.'),
  STATION_RESTARTED: row('station', true, 'The agent was restarted in the middle of a run that could not go on safely.', 'Start the device again with a scan.'),
  STATION_ORDERS_UNREAD: row('station', true, 'Files of orders took too long or too much memory to be read; the orders are as they were.', 'Try again; split the file if it stays so.'),
  STATION_WEB_FAULT: row('station', true, 'The server of the board met a case that it does not know.', 'Try again, and report it with the log of the station.'),
  STATION_CLOCK_JUMPED: row('station', true, 'The clock of the bench PC was set by more than a minute.', 'Let the bench PC keep its time by NTP.'),
  STATION_INSTALL_FAILED: row('station', true, 'The packages of the program could not be installed.', 'Check the network of the bench PC and start again.'),
  // Backend.
  BACKEND_BROKER_DOWN: row('backend', true, 'The MQTT broker cannot be reached; messages wait in the outbox.', 'Nothing is lost; check the broker when convenient.'),
  BACKEND_BROKER_REFUSED: row('backend', false, 'The MQTT broker refuses the connection.', "Check user, password, certificate and the broker's access rules."),
  BACKEND_MESSAGE_PARKED: row('backend', false, 'The broker refused a message three times; it was set aside and the others go on.', "Look at the broker's limits; the message stays in the ledger."),
  BACKEND_MESSAGE_REFUSED: row('backend', true, 'The broker refused a message.', 'Nothing to do yet; it is tried three times and then set aside.'),
  BACKEND_WEBHOOK_DOWN: row('backend', true, 'The receiver of a webhook does not answer.', 'Nothing is lost; it is tried again for a day and then kept as a dead letter.'),
  BACKEND_WEBHOOK_REFUSED: row('usage', false, 'A webhook may not be sent to that address.', 'Write an https address that is public, or list its network under `allow`.'),
  BACKEND_TOO_MANY: row('backend', true, 'More requests came at once than are answered.', 'Ask again a little later.'),
  BACKEND_BACKLOG: row('backend', true, 'Many messages wait for the broker.', 'Bring the broker back; the backlog drains by itself.'),
  BACKEND_ATTESTATION: row('backend', true, "Microsoft's attestation service did not answer in time.", 'Check clock and network of the bay; an outage shows on several bays.'),
  BACKEND_REQUEST_INVALID: row('usage', false, 'A request has a wrong shape.', 'Correct the field that is named.'),
  BACKEND_FORBIDDEN: row('usage', false, 'The request came from another web page or host.', 'Open the board at the address that the station prints.'),
  BACKEND_SIGN_IN: row('usage', false, 'Nobody is signed in, or the sign-in ran out.', 'Sign in at /login, or send a token that is not expired.'),
  BACKEND_NOT_ALLOWED: row('usage', false, 'The account may not do this.', 'Ask an admin for the role that docs/ROLES.md names.'),
  BACKEND_ACCOUNT: row('usage', false, 'The accounts cannot be changed like that.', 'Read the detail and ask again.'),
  BACKEND_SIGN_IN_WRONG: row('usage', false, 'Account and password do not belong together.', 'Type both again; an admin can give a new first password.'),
  BACKEND_BUSY: row('backend', true, 'Too many event streams are open.', 'Close a board that nobody looks at and try again.'),
  BACKEND_ORDERS_BUSY: row('backend', true, 'Too many files of orders wait to be read.', 'Try again in a minute.'),
  BACKEND_RATE: row('usage', true, 'One client asks more often than the station answers.', 'Wait as long as Retry-After says, and ask less often.'),
  BACKEND_KEY_REUSED: row('usage', false, 'The Idempotency-Key was used for another request.', 'Send a new key with each new request.'),
  BACKEND_KEY_IN_USE: row('usage', true, 'A request with this Idempotency-Key is still being worked on.', 'Wait a moment and send the same request again.'),
  BACKEND_KEY_SPENT: row('usage', false, 'The request with this Idempotency-Key was done; its answer held a secret and is not kept.', 'Look whether you have the answer; if not, end what was made and make it anew with a new key.'),
  BACKEND_NOT_FOUND: row('usage', false, 'There is nothing at that address.', 'See /api/v1/station for what there is.'),
} as const satisfies Readonly<Record<string, FaultRow>>

export type FaultCode = keyof typeof FAULTS

/** The one error that drivers and rooms throw on purpose: a code of the table, a sentence, and the cause. */
export class StationError extends Error {
  readonly code: FaultCode
  /** Where it happened, e.g. a path, a bay, a line number. */
  readonly where: string

  constructor(code: FaultCode, where: string, options?: ErrorOptions) {
    super(`${code}: ${FAULTS[code].meaning} (${where})`, options)
    this.name = 'StationError'
    this.code = code
    this.where = where
  }

  get hint(): string {
    return FAULTS[this.code].hint
  }
}

export const isStationError = (error: unknown): error is StationError =>
  error instanceof StationError

/** `reseal: CODE: sentence. hint`, as errors go to stderr (contracts: command line). */
export function faultLine(error: unknown): string {
  if (isStationError(error))
    return `reseal: ${error.code}: ${FAULTS[error.code].meaning.replace(/\.$/, '')} (${error.where}). ${error.hint}`
  return `reseal: STATION_BAY_CRASHED: ${error instanceof Error ? error.message : String(error)}. Report this with the output of the command.`
}
