import { readFileSync } from 'node:fs';
import type { Json } from '@patchbay/core';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { startFakeProvider } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import { slack } from './slack.ts';

async function accountOf(identity: Readonly<Record<string, Json>>): Promise<unknown> {
  const provider = await startFakeProvider({ routes: { 'GET /api/auth.test': () => ({ json: { ok: true, ...identity } }) } });
  const connector = slack({ origin: provider.origin });
  const harness = createConnectorHarness({ connector, credential: { type: 'bearer', token: 'x' }, dangerouslyAllowPrivateNetworks: true });
  try {
    return (await harness.checkHealth()).account;
  } finally {
    await harness.close();
    await provider.close();
  }
}

describe('slack', () => {
  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(slack().manifest.version).toBe(version);
  });

  // Deliveries are handed to connections by this id.
  it('names the account as deliveries name it', async () => {
    const identity = { team: 'Acme', team_id: 'T1', user: 'bot', user_id: 'U1', enterprise_id: 'E1' };
    expect(await accountOf({ ...identity, is_enterprise_install: false })).toEqual({ id: 'T1', name: 'Acme' });
    expect(await accountOf({ ...identity, is_enterprise_install: true })).toEqual({ id: 'E1', name: 'Acme' });
  });
});
