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

  it('needs a site where its address names one, and none where the host fixes the address', () => {
    expect(jira().definition.settings?.['~standard'].validate({})).toHaveProperty('issues');
    expect(jira({ origin: 'http://127.0.0.1:8080' }).definition.settings?.['~standard'].validate({})).not.toHaveProperty('issues');
  });
});
