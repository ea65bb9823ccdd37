import { expect, it } from 'vitest';
import type { TenantConfiguration } from '../../configuration/tenant-configuration.ts';
import { tenantConfiguration } from '../../configuration/tenant-configuration.ts';
import type { ConnectionRecord, ConnectionStatus } from '../../contracts/configuration-records.ts';
import { admission, receives } from './admission.ts';

const at = (tenant: number): TenantConfiguration => tenantConfiguration('acme', { revision: { hub: 0, tenant }, rows: {} }, []);

function setUp(store: { revision: number; holds: (revision: number) => boolean }, cached = store.revision) {
  let peeked = at(cached);
  const asked: number[] = [];
  const admit = admission({
    cache: {
      peek: () => peeked,
      async read() {
        peeked = at(store.revision);
        return peeked;
      },
    },
    tenant: 'acme',
    heldIn: at(cached),
    holds({ revision }) {
      asked.push(revision.tenant);
      return store.holds(revision.tenant);
    },
  });
  return { admit, asked };
}

it('asks nothing again while the revision is the one that was looked at', async () => {
  const { admit, asked } = setUp({ revision: 1, holds: () => false });
  await admit({ hub: 0, tenant: 1 });
  expect(asked).toEqual([]);
});

it('asks again for every other revision, and only once for it', async () => {
  const store = { revision: 2, holds: () => true };
  const { admit, asked } = setUp(store, 1);
  await admit({ hub: 0, tenant: 2 });
  await admit({ hub: 0, tenant: 2 });
  store.revision = 3;
  await admit({ hub: 1, tenant: 3 });
  expect(asked).toEqual([2, 3]);
});

it('refuses what no longer holds, with the one refusal', async () => {
  const { admit } = setUp({ revision: 2, holds: (revision) => revision < 2 }, 1);
  await expect(admit({ hub: 0, tenant: 2 })).rejects.toMatchObject({ code: 'signature_refused', message: 'The request is refused.' });
});

it('decides by what holds now, not by the plan, where the two differ', async () => {
  const { admit, asked } = setUp({ revision: 5, holds: (revision) => revision < 4 }, 1);
  await expect(admit({ hub: 0, tenant: 3 })).rejects.toMatchObject({ code: 'signature_refused' });
  expect(asked).toEqual([5]);
});

it.each<[ConnectionStatus, boolean]>([
  ['active', true],
  ['token_expired', true],
  ['token_invalid', true],
  ['error', true],
  ['initializing', false],
  ['disconnected', false],
])('a connection that is %s receives: %s', (status, expected) => {
  expect(receives({ status } as ConnectionRecord)).toBe(expected);
});
