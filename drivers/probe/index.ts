// The probe's face to the station: the intake on the device network, and the list of what its relay passes.
export { ALLOWED, NEVER, refusalOfCommand } from './allow-list.ts'
export { type BayAt, type BayCard, bayAtAddress } from './bay-address.ts'
export { type IntakeOptions, openIntake } from './intake.ts'
