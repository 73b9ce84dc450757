// What station.ts needs of `snmp:` links; net-snmp is imported in this folder alone.

export { openSnmpFamily, type SnmpFamily, type SnmpFamilyOptions } from './family.ts'
export { lookAtSwitch, type PortLook, type SwitchLook } from './look.ts'
export type { SwitchPort } from './port-view.ts'
export type { SwitchLogin } from './session.ts'
export type { SwitchOptions } from './switch-watch.ts'
export type { TrapAddress } from './traps.ts'
