// TPM vendors by the four bytes that the TPM and its certificate carry (TCG vendor id registry 1.07).

export interface Vendor {
  readonly id: string
  readonly name: string
  /** Has a service that hands out EK certificates which are not in the TPM. */
  readonly fetch?: 'intel' | 'amd'
}

export const VENDORS: readonly Vendor[] = [
  { id: 'AMD', name: 'AMD', fetch: 'amd' },
  { id: 'ANT', name: 'Ant Group' },
  { id: 'ATML', name: 'Atmel' },
  { id: 'BRCM', name: 'Broadcom' },
  { id: 'CSCO', name: 'Cisco' },
  { id: 'FLYS', name: 'Flyslice' },
  { id: 'GOOG', name: 'Google' },
  { id: 'HPI', name: 'HPI' },
  { id: 'HPE', name: 'HPE' },
  { id: 'HISI', name: 'Huawei' },
  { id: 'IBM', name: 'IBM' },
  { id: 'IFX', name: 'Infineon' },
  { id: 'INTC', name: 'Intel', fetch: 'intel' },
  { id: 'LEN', name: 'Lenovo' },
  { id: 'MSFT', name: 'Microsoft' },
  { id: 'NSG', name: 'NSING' },
  { id: 'NSM', name: 'National Semiconductor' },
  { id: 'NTC', name: 'Nuvoton' },
  { id: 'NTZ', name: 'Nationz' },
  { id: 'QCOM', name: 'Qualcomm' },
  { id: 'ROCC', name: 'Fuzhou Rockchip' },
  { id: 'SEAL', name: 'Wisekey' },
  { id: 'SECE', name: 'SecEdge' },
  { id: 'SMSN', name: 'Samsung' },
  { id: 'SMSC', name: 'SMSC' },
  { id: 'SNS', name: 'Sinosun' },
  { id: 'STM', name: 'STMicroelectronics' },
  { id: 'TXN', name: 'Texas Instruments' },
  { id: 'WEC', name: 'Winbond' },
]

/** The ASCII of a manufacturer number without its padding; hex when it is no ASCII (swtpm's certificate: 00001014). */
export function manufacturerText(id: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => (id >>> shift) & 0xff)
  const text = String.fromCharCode(...bytes).replace(/[\0 ]+$/, '')
  return /^[A-Za-z0-9]{2,4}$/.test(text) ? text : id.toString(16).toUpperCase().padStart(8, '0')
}

/** The number of a manufacturer's ASCII id, NUL padded, as GetCapability gives it; null when it is no such id. */
export function manufacturerNumber(text: string): number | null {
  const id = text.trim()
  if (!/^[A-Z0-9]{2,4}$/.test(id)) return null
  return [...id.padEnd(4, '\0')].reduce((sum, one) => sum * 256 + one.charCodeAt(0), 0)
}

export const vendorOf = (id: number): Vendor | null =>
  VENDORS.find((vendor) => vendor.id === manufacturerText(id)) ?? null

/**
 * Software TPMs by the vendor text of their properties: libtpms (`SW   TPM`) and the reference code (`xCG fTPM`).
 * Both use real vendors' ids.
 */
export const isTestTpm = (vendorText: string): boolean =>
  /^(?:SW\s+TPM|xCG\s*fTPM)/.test(vendorText)

/** Words of SMBIOS that name a virtual machine. */
const VIRTUAL =
  /virtual|vmware|qemu|\bkvm\b|bochs|\bxen\b|parallels|innotek|bhyve|google compute|amazon ec2|openstack/i

/** Hyper-V says `Microsoft Corporation` / `Virtual Machine`; a Surface has another model. */
export const isVirtualMachine = (machine: { manufacturer: string; model: string }): boolean =>
  VIRTUAL.test(`${machine.manufacturer} ${machine.model}`)
