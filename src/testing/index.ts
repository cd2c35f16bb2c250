/** The test kit: record a conversation with a real kernel once and replay it without one, or talk to a kernel in memory. */
export { fakeKernel, type FakeKernel, type FakeKernelOptions } from './kernel/fake.ts';
export type { Fault, Trouble } from './kernel/fault.ts';
export { record, recordNetfilter, recordRoute, type RecordOptions, type Recording } from './record.ts';
export { replay, replayNetfilter, replayRoute } from './replay.ts';
export { netfilterOnTape, onTape, routeOnTape, type OnTape, type OnTapeOptions } from './tape.ts';
export { annotateTape, tapeToPcap } from './text.ts';
export { TapeMismatchError, type Difference } from '../transport/mismatch.ts';
export type { Replayer, ReplayerOptions } from '../transport/replayer.ts';
export { parseTape, TapeError } from '../transport/tape-text.ts';
export type { Entry, EntryOf, Tape } from '../transport/tape.ts';
export { routeSockets } from '../open.ts';
export { netfilterSockets } from '../netfilter/open.ts';
export type { ErrnoName } from '../errno.ts';
