import { describe, expect, it } from 'vitest';
import { sampleConnector } from '../connector/__fixtures__/sample-connector.ts';
import type { OAuth2Auth } from '../connector/oauth2-auth.ts';
import type { AppEndpoints, AppRecord } from '../contracts/configuration-records.ts';
import type { Row } from '../contracts/configuration-store.ts';
import type { ServerQuery } from '../oauth/create-server-directory.ts';
import { createSecret } from '../secret/create-secret.ts';
import { findOAuthClient } from './find-oauth-client.ts';

const hostSecret = createSecret('secret-of-the-host');
const tenantSecret = createSecret('secret-of-the-tenant');
const id = '01890a5d-ac96-774b-bcce-b302099a8057';

interface World {
  readonly method: Partial<OAuth2Auth>;
  /** What the metadata of any issuer say. */
  readonly tokenUrl?: string;
  readonly revocationUrl?: string;
  readonly ofHost?: AppEndpoints | null;
  readonly isPublic?: boolean;
  /** The tenant's own registration. */
  readonly ofTenant?: AppEndpoints | null;
}

/** Looks for a client in a world, and tells which servers were asked for. */
async function find({
  method,
  tokenUrl = 'https://tokens.example.com/t',
  revocationUrl,
  ofHost = null,
  isPublic = false,
  ofTenant,
}: World) {
  const looked: ServerQuery[] = [];
  const value: AppRecord = {
    connector: 'sample',
    clientId: 'own',
    sealed: 'sealed',
    secretVersion: 1,
    endpoints: ofTenant ?? null,
    createdAt: 0,
  };
  const row: Row<'app'> = { id, name: 'sample', version: 1, updatedAt: 0, value };
  const connector = sampleConnector({ auth: [{ type: 'oauth2', ...method }] });
  const client = await findOAuthClient(
    {
      store: { find: async () => (ofTenant === undefined ? null : JSON.parse(JSON.stringify(row))), get: async () => null },
      vault: { openFor: async () => tenantSecret },
      hubApps: new Map([['sample', { clientId: 'host', secret: isPublic ? null : hostSecret, key: null, endpoints: ofHost }]]),
      publicUrl: 'https://host.example.com/hub',
      servers: {
        async find(query) {
          looked.push(query);
          const { issuer } = query;
          const silent = { saysIssuer: false, challengeMethods: null, jwksUrl: null, idTokenAlgorithms: null };
          return { issuer, authorizationUrl: `${issuer}/a`, tokenUrl, revocationUrl: revocationUrl ?? null, ...silent };
        },
      },
    },
    { tenant: 'acme', connector, settings: { instance: 'eu-7' } },
  );
  return { client, looked };
}

const template = { issuer: 'https://{instance}.as.example.com' };

describe('the secret of the host', () => {
  it('goes where the metadata of an issuer say that the connector or the host has named', async () => {
    const named = { issuer: 'https://as.example.com' };
    for (const world of [{ method: named }, { method: template, ofHost: named }]) {
      const { client, looked } = await find(world);
      expect([client.secret, client.tokenUrl]).toEqual([hostSecret, 'https://tokens.example.com/t']);
      expect(looked).toEqual([{ issuer: 'https://as.example.com', tenant: 'acme', isShared: true, isFresh: false }]);
    }
  });

  it('does not leave the server that a setting of a tenant names, whatever that server says', async () => {
    const elsewhere = { code: 'response_invalid', details: { reason: 'origin' } };
    await expect(find({ method: template })).rejects.toMatchObject(elsewhere);
    const home = 'https://eu-7.as.example.com/t';
    await expect(find({ method: template, tokenUrl: home, revocationUrl: 'https://evil.example/r' })).rejects.toMatchObject(elsewhere);
    const { client, looked } = await find({ method: template, tokenUrl: home });
    expect([client.secret, client.issuer]).toEqual([hostSecret, 'https://eu-7.as.example.com']);
    expect(looked).toMatchObject([{ isShared: false }]);
    expect((await find({ method: template, isPublic: true })).client.tokenUrl).toBe('https://tokens.example.com/t');
  });

  it('is not that of a client whose issuer a tenant has named: the tenant’s own is', async () => {
    const { client, looked } = await find({ method: { issuer: 'https://as.example.com' }, ofTenant: { issuer: 'https://evil.example' } });
    expect([client.secret, client.clientId, client.app, looked]).toMatchObject([tenantSecret, 'own', id, [{ isShared: false }]]);
  });
});

it('has a version that changes with what the metadata say, and one of its registration that does not', async () => {
  const method = { issuer: 'https://as.example.com' };
  const [first, same, moved] = await Promise.all([
    find({ method }),
    find({ method }),
    find({ method, tokenUrl: 'https://moved.example.com/t' }),
  ]);
  expect(same.client.version).toBe(first.client.version);
  expect(moved.client.version).not.toBe(first.client.version);
  expect(moved.client.registration).toBe(first.client.registration);
  const places = { authorizationUrl: 'https://as.example.com/a', tokenUrl: 'https://as.example.com/t' };
  const { client, looked } = await find({ method: { ...method, ...places } });
  expect([client.registration, looked]).toEqual([client.version, []]);
});
