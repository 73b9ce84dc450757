// The objects of a managed switch that the station reads or sets (hardware page 6.2; RFC 2863, 4188, 4363, 3621).

export const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0'
const IF_ENTRY = '1.3.6.1.2.1.2.2.1'
const IF_X_ENTRY = '1.3.6.1.2.1.31.1.1.1'
/** 1 up, 2 down; as set by an administrator. */
export const IF_ADMIN_STATUS = `${IF_ENTRY}.7`
/** 1 up; 2 down, 3 testing, 4 unknown, 5 dormant, 6 not present, 7 lower layer down: none of them carries frames. */
export const IF_OPER_STATUS = `${IF_ENTRY}.8`
/** sysUpTime of the last change of the operational status, hundredths of a second. */
export const IF_LAST_CHANGE = `${IF_ENTRY}.9`
export const IF_NAME = `${IF_X_ENTRY}.1`
/** Mb/s. */
export const IF_HIGH_SPEED = `${IF_X_ENTRY}.15`
/** Bridge port to ifIndex. */
export const BASE_PORT_IF_INDEX = '1.3.6.1.2.1.17.1.4.1.2'
/** Indexed by 6 decimals of the MAC. */
export const DOT1D_FDB_PORT = '1.3.6.1.2.1.17.4.3.1.2'
export const DOT1D_FDB_STATUS = '1.3.6.1.2.1.17.4.3.1.3'
/** Indexed by the number of the forwarding database (a VLAN's, mostly) and 6 decimals of the MAC. */
export const DOT1Q_FDB_PORT = '1.3.6.1.2.1.17.7.1.2.2.1.2'
export const DOT1Q_FDB_STATUS = '1.3.6.1.2.1.17.7.1.2.2.1.3'
/** 3 learned; 4 is the switch itself, 5 was set by hand, 2 is going away, 1 other. */
export const FDB_LEARNED = 3
/** pethPsePortAdminEnable.<group>.<port>: 1 on, 2 off; stays over a restart of the switch. */
export const POE_ADMIN_ENABLE = '1.3.6.1.2.1.105.1.1.1.3'
