// The door of the virtual bench: what station, command line, checkers and tests may take from it.
export { VirtualBench, type VirtualBenchOptions } from './bench.ts'
export { type OperatorFigures, VirtualOperator, type VirtualOperatorOptions } from './operator.ts'
export { Random } from './random.ts'
export type { DeviceSpec, VirtualOrder } from './spec.ts'
export { type RunEnd, SteppedClock, VIRTUAL_START } from './stepped-clock.ts'
export { type DeviceTruth, type Judged, type Judgement, judge, type Press } from './truth.ts'
