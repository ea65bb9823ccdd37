import { expect, it } from 'vitest';
import { connectionRow, ids } from '../routing/__fixtures__/sample-tenant.ts';
import { connectionsApi } from './connections-api.ts';
import type { TenantScope } from './tenant-services.ts';

it('disconnecting lets go of the opened credential, and of what was known of the tenant, after it is written', async () => {
  const row = connectionRow(ids.main, 'desk', 'main');
  const told: string[] = [];
  // What disconnecting reaches for.
  const scope = {
    tenant: 'acme',
    ready: async () => undefined,
    clock: { now: () => 0 },
    notify: () => undefined,
    registry: { find: () => undefined, findFor: () => undefined },
    cache: {
      forget: (tenant: string) => told.push(`configuration of ${tenant}`),
      recent: async () => ({ automations: [] }),
    },
    vault: { forget: (tenant: string, connection: string) => told.push(`credential of ${tenant} ${connection}`) },
    configuration: {
      get: async () => row,
      find: async () => row,
      write: async () => {
        told.push('written');
        return { status: 'written' };
      },
    },
    storage: {
      configuration: { get: async () => row },
      gates: { open: async () => undefined, close: async () => undefined },
    },
  } as unknown as TenantScope;
  await connectionsApi(scope).disconnect(ids.main);
  expect(told).toEqual(['written', 'configuration of acme', `credential of acme ${ids.main}`]);
});
