import { defineConnector } from '@patchbay/core';
import { createTestHub, type TestHub } from '@patchbay/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const shop = defineConnector({
  id: 'shop',
  name: 'Shop',
  description: 'Sells.',
  version: '1.0.0',
  category: 'crm',
  auth: [{ type: 'bearer' }, { type: 'signature', signer: 'aws-sigv4', options: { region: '{region}', service: 'shop' } }],
  origin: 'https://{site}.example.com',
  settings: z.strictObject({ site: z.string(), region: z.string().default('eu-west-1'), currency: z.string().default('EUR') }),
  actions: {},
  triggers: {},
  healthCheck: async () => ({ healthy: true }),
});

let test: TestHub<typeof shop, Record<never, never>>;
const acme = () => test.tenant('acme').connections;

beforeEach(async () => {
  test = createTestHub({ connectors: [shop] });
  await acme().put('main', {
    connector: 'shop',
    credential: { type: 'bearer', token: 'tok-1234567890' },
    settings: { site: 'acme' },
    owner: 'ada',
    externalAccount: { id: 'a1', name: 'Acme' },
    metadata: { color: 'red' },
  });
});
afterEach(() => test.close());

const rows = async () => {
  const { rows: found } = await test.storage.configuration.snapshot('acme', ['connection', 'credential']);
  return { connection: found.connection?.[0], credential: found.credential?.[0] };
};

describe('updating a connection', () => {
  it('changes what is named, keeps the rest, and leaves the credential as it is', async () => {
    const before = await rows();
    const { id } = await acme().get('main');
    const updated = await acme().update('main', { owner: 'grace', settings: { site: 'acme', currency: 'USD' } });
    expect(updated).toMatchObject({
      id,
      owner: 'grace',
      status: 'active',
      externalAccountId: 'a1',
      externalAccountName: 'Acme',
      metadata: { color: 'red' },
      settings: { site: 'acme', region: 'eu-west-1', currency: 'USD' },
    });
    expect(await acme().get(id)).toEqual(updated);
    expect((await rows()).credential).toEqual(before.credential);
    expect((await rows()).connection?.value.secretVersion).toBe(before.connection?.value.secretVersion);
  });

  it('takes away what is null', async () => {
    await acme().update('main', { grantedScopes: ['write', 'read', 'read'] });
    expect(await acme().get('main')).toMatchObject({ grantedScopes: ['read', 'write'] });
    const updated = await acme().update('main', { owner: null, externalAccount: null, metadata: {}, grantedScopes: null });
    expect(updated).toMatchObject({ owner: null, externalAccountId: null, externalAccountName: null, metadata: {}, grantedScopes: null });
  });

  it('with what is so already writes nothing', async () => {
    const before = await rows();
    await acme().update('main', { owner: 'ada', metadata: { color: 'red' }, settings: { site: 'acme' } });
    await acme().update('main', {});
    expect(await rows()).toEqual(before);
  });

  it.each([{ site: 'elsewhere' }, { site: 'acme', region: 'us-east-1' }, { site: 'x.evil.example/' }])(
    'never sends the credential elsewhere: the settings %j need the credential',
    async (settings) => {
      const before = await rows();
      await expect(acme().update('main', { settings })).rejects.toMatchObject({ code: 'invalid_argument' });
      expect(await rows()).toEqual(before);
      const credential = { type: 'bearer', token: 'tok-1234567890' } as const;
      if (settings.site === 'elsewhere')
        expect(await acme().put('main', { connector: 'shop', credential, settings })).toMatchObject({ settings });
    },
  );

  it.each([{ settings: { site: 7 } }, { settings: { nothing: 'x' } }, { externalAccount: { id: '' } }, { grantedScopes: [''] }])(
    'is refused where the change is not sound: %j',
    async (changes) => {
      // As plain JavaScript would hand it in.
      await expect(acme().update('main', changes as never)).rejects.toMatchObject({ code: 'invalid_argument' });
    },
  );

  it('20 times at once loses none of the changes', async () => {
    await Promise.all([
      ...Array.from({ length: 10 }, () => acme().update('main', { owner: 'grace' })),
      ...Array.from({ length: 10 }, () => acme().update('main', { metadata: { color: 'blue' } })),
    ]);
    expect(await acme().get('main')).toMatchObject({ owner: 'grace', metadata: { color: 'blue' } });
  });
});
