import { describe, expect, it } from 'vitest';
import type { Notices, Notify } from '../../notices/notices.ts';
import { createConnectorWatch } from './create-connector-watch.ts';

function setUp() {
  let now = 0;
  const turns: (() => void)[] = [];
  const given: Omit<Notices['connector.blocked'], 'at'>[] = [];
  const notify = ((_name: string, { at: _at, ...notice }: Notices['connector.blocked']) => void given.push(notice)) as Notify;
  const clock = { monotonic: () => now, now: () => now, nextTurn: (callback: () => void) => void turns.push(callback) };
  const watch = createConnectorWatch({ clock, notify });
  const pass = (ms: number): void => {
    now += ms;
  };
  const turn = (): void => {
    for (const callback of turns.splice(0)) callback();
  };
  const block = (connector: string, ms = 1_500): void => {
    watch.mark(connector, 'sync');
    pass(ms);
    turn();
  };
  return { watch, given, pass, turn, turns, block };
}

describe('a connector whose code keeps the process busy', () => {
  it('is named with what it was doing and for how long', () => {
    const { given, block } = setUp();
    block('slow', 999);
    expect(given).toEqual([]);
    block('slow', 1_000);
    expect(given).toEqual([{ connectorId: 'slow', operation: 'sync', blockedMs: 1_000, heldForMs: null }]);
  });

  it('is told from those whose code ran before it and after it in the same turn', () => {
    const { watch, given, pass, turn } = setUp();
    watch.mark('before', 'read');
    pass(5);
    watch.mark('slow', 'sync');
    pass(3_000);
    watch.mark('after', 'read');
    pass(5);
    turn();
    expect(given).toEqual([{ connectorId: 'slow', operation: 'sync', blockedMs: 3_000, heldForMs: null }]);
  });

  it('is not what only waits between two turns', () => {
    const { watch, given, pass, turn } = setUp();
    watch.mark('patient', 'read');
    turn();
    pass(60_000);
    watch.mark('patient', 'read');
    turn();
    expect(given).toEqual([]);
  });

  it('has its actions wait after three times within ten minutes, and then one of them shows whether it is well', () => {
    const { watch, given, pass, block } = setUp();
    block('slow');
    pass(600_000);
    block('slow');
    block('slow');
    expect(watch.admit('slow')).toBeTypeOf('function');
    block('slow');
    expect(given.at(-1)).toMatchObject({ heldForMs: 60_000 });
    expect(watch.admit('slow')).toBe(60_000);
    expect(watch.admit('quick')).toBeTypeOf('function');
    expect(watch.held()).toEqual([{ connector: 'slow', leftMs: 60_000 }]);
    pass(60_000);
    const probe = watch.admit('slow');
    expect(watch.admit('slow')).toBe(5_000);
    block('slow');
    if (typeof probe === 'function') probe();
    expect(watch.admit('slow')).toBe(120_000);
    pass(120_000);
    const second = watch.admit('slow');
    if (typeof second === 'function') second();
    expect(watch.admit('slow')).toBeTypeOf('function');
    expect(watch.held()).toEqual([]);
  });

  it('may go on at once when it was restarted', () => {
    const { watch, block } = setUp();
    for (let time = 0; time < 3; time += 1) block('slow');
    expect(watch.admit('slow')).toBe(60_000);
    watch.forget('slow');
    expect(watch.admit('slow')).toBeTypeOf('function');
  });

  it('waits as long as its code has not begun', () => {
    const { watch } = setUp();
    watch.suspend('stuck');
    expect(watch.admit('stuck')).toBe(5_000);
    expect(watch.held()).toEqual([{ connector: 'stuck', leftMs: 5_000 }]);
    watch.forget('stuck');
    expect(watch.admit('stuck')).toBeTypeOf('function');
    expect(watch.held()).toEqual([]);
  });

  it('asks for one callback in each turn, however many marks it has', () => {
    const { watch, turns } = setUp();
    for (let mark = 0; mark < 100; mark += 1) watch.mark('any', 'read');
    expect(turns).toHaveLength(1);
  });
});
