import { readFileSync } from 'node:fs';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { describe, expect, it } from 'vitest';
import { jira } from './jira.ts';

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
