import { randomBytes } from 'node:crypto';
import { createHub, localKeys, path } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { depotConnector } from './depot-connector.ts';
import { type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;
beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

/** Counts how often the store is asked for what is configured. */
function countReads({ configuration }: Storage<never>): () => number {
  let asked = 0;
  for (const method of ['get', 'find', 'revision', 'snapshot', 'changes'] as const) {
    const original = configuration[method];
    const counted = (...given: unknown[]): unknown => {
      asked += 1;
      return Reflect.apply(original, configuration, given);
    };
    Object.assign(configuration, { [method]: counted });
  }
  return () => asked;
}

/** Another process of the same host. */
function otherProcess(storage: Storage<never>) {
  const keys = localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
  const connectors = [depotConnector({ origin: stage.provider.origin })];
  return createHub({ connectors, storage, keys, publicUrl: 'https://hub.example.com', loopbackOnly: true }).tenant('acme');
}

describe('a connection through which the host makes many requests', () => {
  it('is asked for in the store once a second and no more', async () => {
    const { test, get, clock } = await stage.hub();
    await get();
    const asked = countReads(test.storage);
    for (let request = 0; request < 50; request += 1) await get();
    expect(asked()).toBe(0);
    await clock.advance(1_001);
    for (let request = 0; request < 50; request += 1) await get();
    expect(asked()).toBe(1);
    expect(stage.provider.requests).toHaveLength(101);
  });

  it('is used no more a second after another process has ended it', async () => {
    const { test, get, clock } = await stage.hub();
    await get();
    await otherProcess(test.storage).connections.disconnect('depot/main');
    await clock.advance(1_001);
    await expect(get()).rejects.toMatchObject({ code: 'credential_missing', sent: 'no' });
    expect(stage.provider.requests).toHaveLength(1);
  });

  it('is used no more from the moment at which this process has ended it', async () => {
    const { acme, get } = await stage.hub();
    await get();
    await acme.connections.disconnect('main');
    await expect(get()).rejects.toMatchObject({ code: 'credential_missing', sent: 'no' });
    expect(stage.provider.requests).toHaveLength(1);
  });

  it('is named by id, by connector and name, or by a name that it alone has', async () => {
    const { acme, get } = await stage.hub();
    const { id } = await acme.connections.put('other', { connector: 'depot', credential: { type: 'bearer', token: 'tok-0987654321' } });
    await get();
    expect(stage.provider.requests).toHaveLength(1);
    for (const reference of [id, 'depot/other', 'other']) await acme.request(reference, { method: 'GET', path: path`/items` });
    const [first, ...others] = stage.provider.requests.map(({ headers }) => headers.authorization);
    expect(new Set(others).size).toBe(1);
    expect(others).not.toContain(first);
  });
});
