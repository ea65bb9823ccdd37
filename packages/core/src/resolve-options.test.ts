import { describe, expect, it } from 'vitest';
import type { Storage } from './contracts/storage.ts';
import type { HubOptions } from './hub-options.ts';
import { isUuid } from './id/is-uuid.ts';
import { resolveOptions } from './resolve-options.ts';
import { localKeys } from './vault/local-keys.ts';

const method = () => undefined;
// Only its queue is taken; it is recognised by its methods.
const storage = {
  ready: method,
  now: method,
  ingest: method,
  close: method,
  queue: { name: "the storage's" },
} as unknown as Storage<never>;
const least = {
  connectors: [],
  storage,
  keys: localKeys({ active: 'k1', keys: { k1: Buffer.alloc(32, 1).fill(7, 16).toString('base64') } }),
  publicUrl: 'https://app.example.com/hub/',
};
const resolve = (changes: object = {}) => resolveOptions({ ...least, ...changes } as HubOptions<[], Record<never, never>>);

describe('options', () => {
  it('have the defaults that their docs tell', () => {
    expect(resolve()).toMatchObject({
      queue: storage.queue,
      worker: { concurrency: 32, leaseMs: 30_000, pollMs: 1_000, graceMs: 10_000, replayShare: 0.25 },
      retry: { maximumAttempts: 10, maximumCrashes: 3, quickRetries: 2, baseMs: 1_000, maximumMs: 300_000 },
      publicUrl: 'https://app.example.com/hub',
      basePath: '/hub',
      maximumBodyBytes: 1_048_576,
      maximumResponseBytes: 10_485_760,
      maximumFlowRuns: 1_000,
      dangerouslyAllowPrivateNetworks: false,
      loopbackOnly: false,
    });
    expect(isUuid(resolve().generateId())).toBe(true);
  });

  it("take the host's queue in the place of the storage's", () => {
    const queue = { wake: async () => undefined, onWake: () => () => undefined };
    expect(resolve({ queue }).queue).toBe(queue);
    expect(resolve().queue).toBe(storage.queue);
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com', ''],
    ['https://app.example.com///', 'https://app.example.com', ''],
    ['http://127.0.0.1:3000/a/b/', 'http://127.0.0.1:3000/a/b', '/a/b'],
    ['HTTPS://App.Example.com/Hub', 'https://app.example.com/Hub', '/Hub'],
  ])('take the public address %s', (publicUrl, url, basePath) => {
    expect(resolve({ publicUrl })).toMatchObject({ publicUrl: url, basePath });
  });

  it.each([
    '',
    'app.example.com',
    '/hub',
    'ftp://app.example.com',
    'https://app.example.com?x=1',
    'https://app.example.com/#x',
    'https://me@app.example.com',
    undefined,
    null,
    7,
  ])('refuse the public address %j', (publicUrl) => {
    expect(() => resolve({ publicUrl })).toThrowError(expect.objectContaining({ code: 'invalid_argument' }));
  });

  it.each([
    { worker: { concurrency: 0 } },
    { worker: { concurrency: 1.5 } },
    { worker: { concurrency: undefined } },
    { worker: { leaseMs: 99 } },
    { worker: { leaseMs: Number.NaN } },
    { worker: { pollMs: 0 } },
    { worker: { graceMs: -1 } },
    { worker: { replayShare: 1.1 } },
    { worker: { replayShare: '0.5' } },
    { worker: { concurency: 4 } },
    { retry: { maximumAttempts: 0 } },
    { retry: { maximumAttempts: Number.POSITIVE_INFINITY } },
    { retry: { maximumCrashes: null } },
    { retry: { baseMs: -1 } },
    { retry: { maximumMs: Number.NaN } },
    { maximumBodyBytes: 0 },
    { maximumBodyBytes: Number.NaN },
    { maximumResponseBytes: '10' },
    { maximumFlowRuns: 0 },
  ])('refuse %j, naming the option', (changes) => {
    const [given] = Object.values(changes);
    const [name] = typeof given === 'object' && given !== null ? Object.keys(given) : Object.keys(changes);
    expect(() => resolve(changes)).toThrowError(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(name ?? '') }),
    );
  });

  it('take what is within the bounds', () => {
    expect(resolve({ worker: { concurrency: 1, replayShare: 0, graceMs: 0 }, retry: { baseMs: 0 } })).toMatchObject({
      worker: { concurrency: 1, replayShare: 0, graceMs: 0, leaseMs: 30_000 },
      retry: { baseMs: 0, maximumAttempts: 10 },
    });
  });
});
