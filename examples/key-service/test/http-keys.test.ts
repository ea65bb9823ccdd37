import { randomBytes } from 'node:crypto';
import { github } from '@patchbay/connector-github';
import { createHub } from '@patchbay/core';
import { memoryStorage } from '@patchbay/storage-memory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpKeysOptions, httpKeys } from '../src/http-keys.ts';
import { type KeyService, startKeyService } from '../src/key-service.ts';

const token = 'token-of-the-host';
const associatedData = Buffer.from('acme');

let service: KeyService;
beforeEach(async () => {
  service = await startKeyService({ token, keys: ['old', 'new'] });
});
afterEach(() => service.stop());

const open = (options: Partial<HttpKeysOptions> = {}) =>
  httpKeys({ origin: service.origin, token, active: 'new', timeoutMs: 1_000, waitMs: 1, ...options });

async function wrapped() {
  const dataKey = randomBytes(32);
  return { dataKey, ...(await open().wrap({ dataKey, associatedData })) };
}

describe('keys in a service', () => {
  it('wrap and unwrap a data key, under the key that each names', async () => {
    const { dataKey, ...one } = await wrapped();
    expect(one.kekId).toBe('new');
    const older = await open({ active: 'old' }).wrap({ dataKey, associatedData });
    expect(older.kekId).toBe('old');
    for (const each of [one, older]) expect(Buffer.from(await open().unwrap({ ...each, associatedData }))).toEqual(dataKey);
  });

  it('are asked again when the service fails, and only then', async () => {
    const { dataKey, ...one } = await wrapped();
    for (const status of [500, 503]) service.misbehave(status);
    expect(Buffer.from(await open().unwrap({ ...one, associatedData }))).toEqual(dataKey);
    expect(service.calls).toEqual(['/wrap', '/unwrap', '/unwrap', '/unwrap']);
    for (let tries = 0; tries < 3; tries += 1) service.misbehave(429);
    await expect(open().unwrap({ ...one, associatedData })).rejects.toMatchObject({ code: 'provider_unavailable', retryable: true });
    expect(service.calls).toHaveLength(7);
  });

  it('end a call on which the service says nothing', async () => {
    const { dataKey, ...one } = await wrapped();
    service.misbehave('silence');
    await expect(open({ timeoutMs: 100, tries: 1 }).unwrap({ ...one, associatedData })).rejects.toMatchObject({
      code: 'provider_unavailable',
      details: { status: 0 },
    });
    service.misbehave('silence');
    expect(Buffer.from(await open({ timeoutMs: 500 }).unwrap({ ...one, associatedData }))).toEqual(dataKey);
  });

  it('say for good what trying again does not mend', async () => {
    const { kekId, wrapped: bytes } = await wrapped();
    const { unwrap } = open();
    const missing = { code: 'vault_key_missing', retryable: false };
    await expect(unwrap({ kekId: 'gone', wrapped: bytes, associatedData })).rejects.toMatchObject(missing);
    await expect(open({ active: 'gone' }).wrap({ dataKey: randomBytes(32), associatedData })).rejects.toMatchObject(missing);
    const sealed = { code: 'vault_sealed', retryable: false };
    await expect(unwrap({ kekId: 'old', wrapped: bytes, associatedData })).rejects.toMatchObject(sealed);
    await expect(unwrap({ kekId, wrapped: bytes, associatedData: Buffer.from('other') })).rejects.toMatchObject(sealed);
    expect(service.calls).toHaveLength(5);
  });

  it('do not take a refused token for a broken key', async () => {
    const { kekId, wrapped: bytes } = await wrapped();
    const refused = open({ token: 'another' }).unwrap({ kekId, wrapped: bytes, associatedData });
    await expect(refused).rejects.toMatchObject({ code: 'authentication_failed', retryable: true });
  });

  it.each(['', '{}', 'null', '{"dataKey":7}', `{"dataKey":"${'A'.repeat(70_000)}"}`, '{"dataKey":"***"}'])(
    'refuse an answer that is no key: %.20s',
    async (answer) => {
      const { kekId, wrapped: bytes } = await wrapped();
      service.misbehave({ answer });
      await expect(open().unwrap({ kekId, wrapped: bytes, associatedData })).rejects.toMatchObject({ code: 'response_invalid' });
    },
  );

  it('follow no redirect and repeat no secret in an error', async () => {
    const dataKey = randomBytes(32);
    service.misbehave(307);
    const error: unknown = await open({ tries: 1 })
      .wrap({ dataKey, associatedData })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'provider_unavailable' });
    for (const secret of [token, dataKey.toString('base64')]) expect(JSON.stringify(error) + String(error)).not.toContain(secret);
  });
});

it('a hub seals and opens with them, and asks once per tenant and cache period', async () => {
  const hub = createHub({ connectors: [github()], storage: memoryStorage(), keys: open(), publicUrl: 'http://127.0.0.1/hub' });
  const acme = hub.tenant('acme');
  await acme.connections.put('code', { connector: 'github', credential: { type: 'bearer', token: 'a-token' } });
  for (let index = 0; index < 5; index += 1) {
    await acme.vault.put({ connection: 'code', key: `key-${index}`, value: `value-${index}` });
    const secret = await acme.vault.use({ connection: 'code', key: `key-${index}`, purpose: 'check' });
    expect(secret.reveal('check')).toBe(`value-${index}`);
  }
  expect(service.calls).toEqual(['/wrap', '/unwrap']);
  await hub.stop();
});
