import { type FakeGithub, fakeGithub } from '@patchbay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handWrittenRegistrar } from '../../baselines/webhook-register/hand-written.ts';
import { type PostgresServer, startPostgres } from '../postgres-server/start-postgres.ts';
import { patchbayRegistrar } from './patchbay-registrar.ts';
import { assertEachOnce, sampleRegistrations } from './sample-registrations.ts';

const load = { warmUp: 1, timed: 5 };

describe('webhook-register', { timeout: 60_000 }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  it.each([
    ['ours', patchbayRegistrar],
    ['by hand', handWrittenRegistrar],
  ])('registers each webhook once by one request on PostgreSQL, %s', async (_name, open) => {
    const { value, notes } = await sampleRegistrations({ server, open, ...load });
    expect([value > (notes['the service p95 ms'] ?? value), notes['requests for one']]).toEqual([true, 1]);
  });
});

it('registers each webhook once by one request in memory', async () => {
  const { notes } = await sampleRegistrations({ server: null, open: patchbayRegistrar, ...load });
  expect(notes['requests for one']).toBe(1);
});

it('fails for a registrar that registers nothing', async () => {
  const open = async () => ({ register: async () => undefined, close: async () => undefined });
  await expect(sampleRegistrations({ server: null, open, warmUp: 1, timed: 0 })).rejects.toThrow('No values');
  await expect(sampleRegistrations({ server: null, open, ...load })).rejects.toThrow();
});

describe('assertEachOnce', () => {
  let github: FakeGithub;
  beforeEach(async () => {
    github = await fakeGithub({ token: 'token' });
  });
  afterEach(() => github.close());

  const hook = (number: number, changes: object = {}) => ({
    ...{ active: true, events: ['issues'], config: { url: `https://hub.example.com/${number}`, secret: `secret-${number}` } },
    ...changes,
  });

  it('accepts one webhook for each repository', () => {
    for (const number of [0, 1]) github.addHook(`acme/service-${number}`, hook(number));
    expect(() => assertEachOnce(github, 2)).not.toThrow();
    expect(() => assertEachOnce(github, 3)).toThrow('acme/service-2 has 0 webhooks');
    github.addHook('acme/service-1', hook(2));
    expect(() => assertEachOnce(github, 2)).toThrow('acme/service-1 has 2 webhooks');
  });

  it.each([
    [{ active: false }, 'does not deliver'],
    [{ events: ['push'] }, 'does not deliver'],
    [{ config: hook(0).config }, 'the same URL'],
  ])('refuses %j', (changes, message) => {
    github.addHook('acme/service-0', hook(0));
    github.addHook('acme/service-1', hook(1, changes));
    expect(() => assertEachOnce(github, 2)).toThrow(message);
  });
});
