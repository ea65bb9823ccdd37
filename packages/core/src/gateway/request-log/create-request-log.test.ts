import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../contracts/journal-store.ts';
import { PatchbayError } from '../../errors/patchbay-error.ts';
import { silentLogger } from '../../logger/logger.ts';
import { createManualClock } from '../../net/__fixtures__/manual-clock.ts';
import { callEnding, guardedCall } from '../__fixtures__/guarded-call.ts';
import { createRequestLog } from './create-request-log.ts';
import { readLoggedRequest } from './logged-request.ts';

function setUp({ successShare = 1, chance = 0.5 } = {}) {
  const clock = createManualClock();
  const writes: (readonly JournalEntry[])[] = [];
  const kept = new Map<string, JournalEntry>();
  const faults: ('before' | 'after')[] = [];
  const warned: unknown[] = [];
  const dropped: number[] = [];
  let ids = 0;
  const append = async (entries: readonly JournalEntry[]): Promise<void> => {
    const fault = faults.shift();
    if (fault === 'before') throw new Error('away');
    writes.push(entries);
    for (const entry of entries) kept.set(entry.id, entry);
    if (fault === 'after') throw new Error('the answer was lost');
  };
  const log = createRequestLog({
    journal: { append },
    clock,
    generateId: () => `id-${String(++ids).padStart(5, '0')}`,
    random: () => chance,
    logger: { ...silentLogger, warn: (message, fields) => void warned.push([message, fields]) },
    metering: { record: (_name, value) => void dropped.push(value), observe: () => undefined },
    successShare,
  });
  return { clock, writes, kept, faults, warned, dropped, log };
}

const limited = new PatchbayError({ code: 'rate_limited', message: 'Slow down.', retryable: true, sent: 'no' });

describe('the log of requests', () => {
  it('holds nobody back, and writes once a second what has come together', async () => {
    const { clock, writes, log } = setUp();
    for (let times = 0; times < 3; times += 1) {
      expect(log.admit(guardedCall())).toBeUndefined();
      log.ended(guardedCall(), callEnding());
    }
    clock.advance(999);
    expect(writes).toEqual([]);
    clock.advance(1);
    await log.flush();
    expect(writes.map((entries) => entries.length)).toEqual([3]);
  });

  it('says what was asked and what became of it, and nothing of what was in it', async () => {
    const { log, kept } = setUp();
    const dispatch = { tenant: 'acme', root: '01890a5d-ac96-774b-bcce-b302099a8057', target: 'call', replay: 0, path: 'call' };
    const { definition } = guardedCall();
    const named = { ...definition, requestIdHeader: 'x-request-id', rateLimit: () => ({ remaining: 41 }) };
    const headers = { 'x-request-id': 'A1', 'set-cookie': 'secret' };
    log.ended(guardedCall({ definition: named, dispatch, attempt: 2 }), callEnding({ status: 429, headers, fault: limited }));
    await log.flush();
    const [entry] = [...kept.values()];
    expect(entry).toMatchObject({ tenant: 'acme', stream: 'request', subject: 'c1', verdict: '429' });
    expect(readLoggedRequest(entry?.value ?? null)).toEqual({
      connector: definition.id,
      method: 'GET',
      origin: 'https://api.example.com',
      template: '/things/{}',
      author: 'connector',
      operation: 'list_things',
      sent: true,
      status: 429,
      code: 'rate_limited',
      retryable: true,
      durationMs: 5,
      requestBytes: 0,
      responseBytes: 2,
      remaining: 41,
      providerRequestId: 'A1',
      dispatchId: '01890a5d-ac96-774b-bcce-b302099a8057:0:call:call',
      runId: null,
      retried: true,
    });
    expect(JSON.stringify(entry)).not.toMatch(/secret|Slow down/);
  });

  it('goes by the code of the error where no answer came', async () => {
    const { log, kept } = setUp();
    log.ended(guardedCall(), callEnding({ sent: false, status: null, headers: null, fault: limited }));
    await log.flush();
    expect([...kept.values()].map(({ verdict }) => verdict)).toEqual(['rate_limited']);
  });

  it("goes on where a connector's reading of limits throws, or an id is none", async () => {
    const { log, kept } = setUp();
    const rateLimit = () => {
      throw new Error('a bug');
    };
    const definition = { ...guardedCall().definition, rateLimit, requestIdHeader: 'x-request-id' };
    log.ended(guardedCall({ definition }), callEnding({ headers: { 'x-request-id': 'a\u0000b' } }));
    await log.flush();
    expect([...kept.values()].map(({ value }) => readLoggedRequest(value))).toMatchObject([{ remaining: null, providerRequestId: null }]);
  });

  it.each(['before', 'after'] as const)('keeps each once where a write was lost, %s it was made', async (fault) => {
    const { log, kept, faults, warned, clock } = setUp();
    faults.push(fault, fault);
    log.ended(guardedCall(), callEnding());
    await log.flush();
    log.ended(guardedCall(), callEnding());
    await log.flush();
    clock.advance(1_000);
    await log.flush();
    expect([...kept.keys()]).toEqual(['id-00001', 'id-00002']);
    // Told once, however often it is tried.
    expect(warned).toHaveLength(1);
  });

  it('writes at most 500 at a time', async () => {
    const { log, writes } = setUp();
    for (let times = 0; times < 1_201; times += 1) log.ended(guardedCall(), callEnding());
    await log.flush();
    expect(writes.map((entries) => entries.length)).toEqual([500, 500, 201]);
  });

  it('has bounds: drops what there is no room for, keeps room for failures and for other tenants, counts it and tells', async () => {
    const { log, kept, warned, dropped } = setUp();
    for (let times = 0; times < 3_000; times += 1) log.ended(guardedCall(), callEnding());
    for (let times = 0; times < 2_000; times += 1) log.ended(guardedCall({ tenant: 'other' }), callEnding());
    for (let times = 0; times < 2_000; times += 1) log.ended(guardedCall({ tenant: 'third' }), callEnding({ fault: limited, status: 429 }));
    await log.flush();
    const of = (tenant: string): number => [...kept.values()].filter((entry) => entry.tenant === tenant).length;
    expect([of('acme'), of('other'), of('third')]).toEqual([2_500, 1_500, 1_000]);
    expect(dropped).toHaveLength(2_000);
    expect(warned).toEqual([['requests were not logged, because the log has no room', { count: 2_000 }]]);
    log.ended(guardedCall(), callEnding());
    await log.flush();
    expect(of('acme')).toBe(2_501);
  });

  it('keeps a share of what went well, and every failure', async () => {
    const { log, kept } = setUp({ successShare: 0.4, chance: 0.5 });
    log.ended(guardedCall(), callEnding());
    log.ended(guardedCall(), callEnding({ status: 500, fault: limited }));
    await log.flush();
    expect([...kept.values()].map(({ verdict }) => verdict)).toEqual(['500']);
  });

  it('reads what another version has written as far as it can', () => {
    expect(readLoggedRequest({ connector: 'github', status: 200, more: true })).toMatchObject({
      connector: 'github',
      status: 200,
      code: null,
    });
    expect(readLoggedRequest('nothing')).toMatchObject({ connector: '', author: 'connector', sent: false });
  });
});
