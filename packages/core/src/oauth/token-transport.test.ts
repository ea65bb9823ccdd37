import { describe, expect, it } from 'vitest';
import type { NetworkRequest, NetworkResponse } from '../net/network-request.ts';
import { postToServer, tokenCallMs } from './token-transport.ts';

/** A server that answers when a test says so, and a clock that a test moves, its timers late by as much as it says. */
async function silentServer({ waitsMs = 0 } = {}) {
  let now = 0;
  let left = 0;
  const timers = new Map<object, { readonly at: number; readonly run: () => void }>();
  let given: NetworkRequest | undefined;
  const asked = Promise.withResolvers<NetworkResponse>();
  const sent = Promise.withResolvers<void>();
  const leave = (): void => {
    left += 1;
  };
  const turns = {
    take: async () => {
      now += waitsMs;
      return leave;
    },
  };
  const answer = postToServer(
    {
      clock: {
        now: () => 0,
        monotonic: () => now,
        setTimer: (run, ms) => {
          const key = {};
          timers.set(key, { at: now + ms, run });
          return { cancel: () => void timers.delete(key) };
        },
      },
      turns,
      network: {
        request: (request) => {
          given = request;
          sent.resolve();
          request.signal?.addEventListener('abort', () => asked.reject(new Error('aborted')));
          return asked.promise;
        },
      },
    },
    { url: 'https://as.example.com/token?tenant=7', caller: { tenant: 'acme' }, headers: [], body: 'grant_type=refresh_token' },
  );
  answer.catch(() => undefined);
  await sent.promise;
  return {
    answer,
    left: () => left,
    request: () => given,
    timers,
    /** Lets the process stand still until a time: what is due runs then, and not before. */
    moveTo(time: number) {
      now = time;
      for (const [key, { at, run }] of [...timers]) {
        if (at > now) continue;
        timers.delete(key);
        run();
      }
    },
    give: (response: NetworkResponse) => asked.resolve(response),
  };
}

const good: NetworkResponse = { status: 200, headers: {}, body: Buffer.from('{}'), truncated: false };

describe('a call of an authorization server', () => {
  it('ends after its time as one that may have been heard', async () => {
    const server = await silentServer();
    server.moveTo(tokenCallMs - 1);
    expect(server.request()?.signal?.aborted).toBe(false);
    server.moveTo(tokenCallMs);
    await expect(server.answer).rejects.toMatchObject({ code: 'timeout', retryable: true, sent: 'maybe' });
    expect([server.timers.size, server.left()]).toEqual([0, 1]);
  });

  it('that a process slept through gets a moment more, in which its answer can be read', async () => {
    const server = await silentServer();
    server.moveTo(tokenCallMs + 60_000);
    expect(server.request()?.signal?.aborted).toBe(false);
    server.give(good);
    expect((await server.answer).status).toBe(200);
    expect(server.timers.size).toBe(0);
  });

  it('that a process slept through ends after that moment', async () => {
    const server = await silentServer();
    server.moveTo(tokenCallMs + 60_000);
    server.moveTo(tokenCallMs + 62_000);
    await expect(server.answer).rejects.toMatchObject({ code: 'timeout' });
  });

  it('has all of its time from when its turn has come', async () => {
    const server = await silentServer({ waitsMs: 4_000 });
    server.moveTo(4_000 + tokenCallMs - 1);
    expect(server.request()?.signal?.aborted).toBe(false);
    server.moveTo(4_000 + tokenCallMs);
    await expect(server.answer).rejects.toMatchObject({ code: 'timeout' });
  });

  it('keeps the query of its endpoint', async () => {
    const server = await silentServer();
    expect(server.left()).toBe(0);
    server.give(good);
    await server.answer;
    expect(server.left()).toBe(1);
    expect(server.request()).toMatchObject({ origin: 'https://as.example.com', path: '/token?tenant=7', method: 'POST' });
  });
});
