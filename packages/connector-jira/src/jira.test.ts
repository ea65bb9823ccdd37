import { readFileSync } from 'node:fs';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { startFakeProvider } from '@patchbay/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { issuePage } from './formats/issue-page.ts';
import { jira } from './jira.ts';

const app = { clientId: 'client-of-the-account', clientSecret: 'secret-of-the-account-0123' };
const scoped = `Basic ${Buffer.from('robot@example.com:ATATT-scoped').toString('base64')}`;
const credential = { type: 'basic', username: 'me@example.com', password: 'x' } as const;

describe('jira', () => {
  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(jira().manifest.version).toBe(version);
  });

  it.each(['acme.example.com/', 'a@b', 'acme#', '', 'Acme', '-acme'])('sends nothing to the site %j', async (site) => {
    const harness = createConnectorHarness({ connector: jira(), credential, settings: { site } });
    await expect(harness.execute({ action: 'add_comment', input: { issue: 'OPS-1', body: 'x' } })).rejects.toMatchObject({
      code: 'egress_refused',
      sent: 'no',
    });
    const settings = jira().definition.settings?.['~standard'].validate({ site });
    expect(settings).toHaveProperty('issues');
  });

  it.each([
    ['site', 'https://acme.atlassian.net/browse/OPS-1', { site: 'acme', cloudId: 'abc' }],
    ['address that Jira gives', 'https://api.atlassian.com/ex/jira/abc/rest/api/3/issue/1', { cloudId: 'abc' }],
  ])('gives with OAuth the page of an issue by the %s', (_by, page, settings) => {
    expect(issuePage('OPS-1', 'https://api.atlassian.com/ex/jira/abc/rest/api/3/issue/1', settings)).toBe(page);
  });

  it('gives with an API token the page of an issue at its own address', () => {
    expect(issuePage('OPS-1', 'https://acme.atlassian.net/rest/api/3/issue/1', {})).toBe('https://acme.atlassian.net/browse/OPS-1');
  });

  it.each([
    ['an OAuth credential of a service account', { type: 'client_credentials', clientId: app.clientId, clientSecret: app.clientSecret }],
    ['an API token with scopes', { type: 'headers', values: { authorization: scoped } }],
  ] as const)("goes by Atlassian's own origin with %s", async (_what, held) => {
    const asked: string[] = [];
    const provider = await startFakeProvider({
      routes: {
        'POST /oauth/token': ({ json }) => {
          expect(json).toMatchObject({ grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.clientSecret });
          return { json: { access_token: 'given', token_type: 'Bearer', expires_in: 3_600 } };
        },
        'GET /ex/jira/abc/rest/api/3/myself': ({ headers }) => {
          asked.push(headers['authorization'] ?? '');
          return { json: { accountId: 'a1', displayName: 'Robot' } };
        },
      },
    });
    const connector = jira({ apiOrigin: provider.origin, oauthOrigin: provider.origin });
    const harness = createConnectorHarness({
      connector,
      credential: held,
      settings: { cloudId: 'abc' },
      dangerouslyAllowPrivateNetworks: true,
    });
    onTestFinished(async () => {
      await harness.close();
      await provider.close();
    });
    expect(await harness.checkHealth()).toMatchObject({ healthy: true, account: { id: 'a1', name: 'Robot' } });
    expect(asked).toEqual([held.type === 'headers' ? scoped : 'Bearer given']);
  });

  it('says which setting its credential goes by: the site for an API token, the cloud id for OAuth', async () => {
    const calls = [
      createConnectorHarness({ connector: jira(), credential, settings: { cloudId: 'abc' } }),
      createConnectorHarness({ connector: jira(), credential: { type: 'oauth2', accessToken: 'x' }, settings: { site: 'acme' } }),
    ].map((harness) => harness.checkHealth().catch((error: unknown) => String(error)));
    const [token, oauth] = await Promise.all(calls);
    expect(token).toContain('The setting site');
    expect(oauth).toContain('The setting cloudId');
  });
});
