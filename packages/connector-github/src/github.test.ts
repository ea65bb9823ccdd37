import { readFileSync } from 'node:fs';
import { createConnectorHarness } from '@patchbay/core/connector-kit';
import { startFakeProvider } from '@patchbay/testing';
import { describe, expect, it } from 'vitest';
import { github } from './github.ts';

describe('github', () => {
  it('has the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(github().manifest.version).toBe(version);
  });

  it('asks an Enterprise Server under its own path', async () => {
    const provider = await startFakeProvider({ routes: { 'GET /api/v3/user': () => ({ json: { id: 7, login: 'mona' } }) } });
    const connector = github({ origin: provider.origin, basePath: '/api/v3' });
    const harness = createConnectorHarness({
      connector,
      credential: { type: 'bearer', token: 'x' },
      dangerouslyAllowPrivateNetworks: true,
    });
    try {
      expect(await harness.checkHealth()).toEqual({ healthy: true, account: { id: '7', name: 'mona' } });
    } finally {
      await harness.close();
      await provider.close();
    }
  });
});
