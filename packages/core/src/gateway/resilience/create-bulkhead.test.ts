import { describe, expect, it } from 'vitest';
import { sampleConnector } from '../../connector/__fixtures__/sample-connector.ts';
import { connectionRecord } from '../../contracts/__fixtures__/connection-record.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import type { CallEnding, GuardedCall } from '../call-guard.ts';
import { type BulkheadFigures, createBulkhead } from './create-bulkhead.ts';

const ending: CallEnding = { sent: true, status: 200, headers: {}, fault: null, durationMs: 1, requestBytes: 0, responseBytes: 0 };
const { definition } = sampleConnector();
const value = connectionRecord();

function setUp(changes: Partial<BulkheadFigures> = {}) {
  const clock = createManualClock();
  const figures = { connectionCalls: 64, tenantCalls: 128, hostCalls: 128, allCalls: 200, tenantWaiting: 100, ...changes };
  const guard = createBulkhead({ clock, figures });
  const callOf = (tenant: string, more: Partial<GuardedCall> & { readonly connectionId?: string } = {}): GuardedCall => ({
    tenant,
    connection: { id: more.connectionId ?? `${tenant}-main`, name: 'sample/main', version: 1, updatedAt: 0, value },
    definition,
    origin: 'https://api.example.com',
    method: 'GET',
    template: '/',
    author: 'host',
    operation: null,
    signal: new AbortController().signal,
    startedAt: 0,
    endsAt: 30_000,
    maximumWaitMs: 2_000,
    ...more,
  });
  /** Begins calls until one must wait or is refused, and answers those that are under way. */
  const fill = (tenant: string, most = 1_000, more: Parameters<typeof callOf>[1] = {}): GuardedCall[] => {
    const begun: GuardedCall[] = [];
    for (let turn = 0; turn < most; turn += 1) {
      const call = callOf(tenant, { maximumWaitMs: 0, connectionId: `${tenant}-${turn % 10}`, ...more });
      try {
        if (guard.admit(call) !== undefined) throw new Error('It waits, although it may not.');
      } catch {
        return begun;
      }
      begun.push(call);
    }
    return begun;
  };
  const end = (call: GuardedCall): void => guard.ended(call, ending);
  return { clock, guard, callOf, fill, end };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the bulkhead', () => {
  it('lets a connection have so many calls under way, and no more', () => {
    const { fill, end } = setUp({ connectionCalls: 8 });
    const begun = fill('acme', 100, { connectionId: 'one' });
    expect(begun).toHaveLength(8);
    begun.slice(0, 3).forEach(end);
    expect(fill('acme', 100, { connectionId: 'one' })).toHaveLength(3);
  });

  it('leaves others their places at a host where all that a tenant has hangs', () => {
    const { fill } = setUp();
    const counts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((tenant) => fill(tenant).length);
    expect(counts).toEqual([64, 32, 16, 8, 4, 4, 0, 0]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(128);
  });

  it('bounds what a tenant has over all hosts, and what everybody has', () => {
    const { fill } = setUp({ tenantCalls: 100, allCalls: 110 });
    const hosts = ['https://one.example.com', 'https://two.example.com', 'https://three.example.com'];
    expect(hosts.map((origin) => fill('acme', 1_000, { origin }).length)).toEqual([64, 36, 0]);
    expect(fill('globex', 1_000, { origin: 'https://four.example.com' })).toHaveLength(10);
  });

  it('hands a place that becomes free to who waits, in turn over tenants', async () => {
    const { guard, callOf, fill, end } = setUp({ allCalls: 3 });
    const begun = fill('noisy', 3);
    const went: string[] = [];
    const wait = (tenant: string, name: string) => {
      const call = callOf(tenant);
      void guard.admit(call)?.then(() => {
        went.push(name);
        begun.push(call);
      });
    };
    for (const name of ['noisy 1', 'noisy 2', 'noisy 3']) wait('noisy', name);
    wait('quiet', 'quiet 1');
    wait('still', 'still 1');
    for (let release = 0; release < 5; release += 1) {
      const call = begun.shift();
      if (call !== undefined) end(call);
      await turn();
    }
    expect(went).toEqual(['noisy 1', 'quiet 1', 'still 1', 'noisy 2', 'noisy 3']);
  });

  it('lets nobody overtake who waits for the same connection', async () => {
    const { guard, callOf, fill, end } = setUp({ connectionCalls: 1 });
    const [first] = fill('acme', 1, { connectionId: 'one' });
    const second = callOf('acme', { connectionId: 'one' });
    const waiting = guard.admit(second);
    expect(waiting).toBeInstanceOf(Promise);
    if (first) end(first);
    await waiting;
    const third = callOf('acme', { connectionId: 'one' });
    expect(guard.admit(third)).toBeInstanceOf(Promise);
    // Another connection of the tenant has places of its own.
    expect(guard.admit(callOf('acme', { connectionId: 'two' }))).toBeUndefined();
  });

  it('keeps nobody waiting beyond the time, and says when to come again', async () => {
    const { clock, guard, callOf, fill } = setUp({ connectionCalls: 1 });
    fill('acme', 1, { connectionId: 'one' });
    const waiting = expect(guard.admit(callOf('acme', { connectionId: 'one' }))).rejects.toMatchObject({
      code: 'overloaded',
      sent: 'no',
      retryable: true,
      retryAfterMs: 1_000,
      details: { heldBy: 'bulkhead' },
    });
    clock.advance(2_000);
    await waiting;
    expect(clock.pending).toBe(0);
  });

  it('forgets who is taken back, and gives its turn to the next', async () => {
    const { clock, guard, callOf, fill, end } = setUp({ connectionCalls: 1 });
    const [first] = fill('acme', 1, { connectionId: 'one' });
    const stop = new AbortController();
    const gone = expect(guard.admit(callOf('acme', { connectionId: 'one', signal: stop.signal }))).rejects.toMatchObject({
      code: 'overloaded',
    });
    const next = guard.admit(callOf('acme', { connectionId: 'one' }));
    stop.abort();
    await gone;
    if (first) end(first);
    await next;
    expect(clock.pending).toBe(0);
  });

  it('refuses one more than may wait of a tenant, and lets others wait', async () => {
    const { guard, callOf, fill } = setUp({ allCalls: 1, tenantWaiting: 2 });
    fill('noisy', 1);
    for (let waiting = 0; waiting < 2; waiting += 1) guard.admit(callOf('noisy'))?.catch(() => undefined);
    expect(() => guard.admit(callOf('noisy'))).toThrow(expect.objectContaining({ code: 'overloaded' }));
    expect(guard.admit(callOf('quiet'))).toBeInstanceOf(Promise);
  });

  it('gives a place back once, also for a call that it never let in', () => {
    const { callOf, fill, end } = setUp({ connectionCalls: 1 });
    const [first] = fill('acme', 1, { connectionId: 'one' });
    if (first) end(first);
    if (first) end(first);
    end(callOf('acme'));
    expect(fill('acme', 5, { connectionId: 'one' })).toHaveLength(1);
  });

  it('keeps counting right after it has forgotten thousands of idle connections', () => {
    const { fill, end } = setUp({ tenantCalls: 2 });
    const [stays] = fill('acme', 1, { connectionId: 'stays' });
    for (let number = 0; number < 10_050; number += 1) fill('other', 1, { connectionId: `c${number}` }).forEach(end);
    expect(fill('acme', 5, { connectionId: 'more' })).toHaveLength(1);
    if (stays) end(stays);
    expect(fill('acme', 5, { connectionId: 'stays' })).toHaveLength(1);
  });

  it('lets two go where what has ended leaves room for both, at its host and of its tenant', async () => {
    const { guard, callOf, end } = setUp({ hostCalls: 1, tenantCalls: 1 });
    const first = callOf('acme');
    void guard.admit(first);
    const gone: string[] = [];
    const elsewhere = guard.admit(callOf('acme', { origin: 'https://other.example.com' }));
    const here = guard.admit(callOf('globex'));
    void elsewhere?.then(() => gone.push('elsewhere'));
    void here?.then(() => gone.push('here'));
    end(first);
    await turn();
    expect(gone).toEqual(['elsewhere', 'here']);
  });
});
