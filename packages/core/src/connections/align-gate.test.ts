import { expect, it } from 'vitest';
import type { ConnectionStatus } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import { type AlignGateOptions, alignGate } from './align-gate.ts';

/** A connection and its lane; `onGate` is called while a gate is being written. */
function setUp(status: ConnectionStatus | null, onGate: (set: (status: ConnectionStatus) => void) => void = () => undefined) {
  let current = status;
  let closed = false;
  const writes: string[] = [];
  const set = (next: ConnectionStatus): void => {
    current = next;
  };
  const write = async (next: boolean): Promise<void> => {
    onGate(set);
    await Promise.resolve();
    closed = next;
    writes.push(next ? 'close' : 'open');
  };
  const options = {
    // Only the status is read.
    store: { get: async () => (current === null ? null : { value: { status: current } }) as Row<'connection'> | null },
    gates: { open: () => write(false), close: () => write(true) },
  } as unknown as AlignGateOptions;
  return { options, set, writes, isClosed: () => closed };
}

it.each<[ConnectionStatus | null, string]>([
  ['active', 'open'],
  [null, 'open'],
  ['disconnected', 'close'],
  ['token_expired', 'close'],
  ['initializing', 'close'],
])('a connection that is %s gets its lane written once: %s', async (status, expected) => {
  const { options, writes } = setUp(status);
  await alignGate(options, 'acme', 'c1');
  expect(writes).toEqual([expected]);
});

it('follows a connection that changes while the gate is written', async () => {
  let times = 0;
  const { options, writes, isClosed } = setUp('disconnected', (set) => {
    times += 1;
    if (times === 1) set('active');
  });
  await alignGate(options, 'acme', 'c1');
  expect(writes).toEqual(['close', 'open']);
  expect(isClosed()).toBe(false);
});

it('leaves the lane as the last change wants it, in whatever order two who change it write their gates', async () => {
  for (const last of ['active', 'disconnected'] as const) {
    const { options, set, isClosed } = setUp(last === 'active' ? 'disconnected' : 'active');
    const first = alignGate(options, 'acme', 'c1');
    set(last);
    await Promise.all([first, alignGate(options, 'acme', 'c1')]);
    expect(isClosed()).toBe(last === 'disconnected');
  }
});

it('does not chase a connection without end', async () => {
  let status: ConnectionStatus = 'active';
  const { options, writes } = setUp('active', (set) => {
    status = status === 'active' ? 'disconnected' : 'active';
    set(status);
  });
  await alignGate(options, 'acme', 'c1');
  expect(writes.length).toBeLessThanOrEqual(5);
});
