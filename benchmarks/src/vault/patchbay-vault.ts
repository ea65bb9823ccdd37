import { randomBytes } from 'node:crypto';
import { localKeys } from '@patchbay/core';
import { systemClock, type TenantKeyRecord } from '@patchbay/core/adapter';
import { encodeAssociatedData } from '../../../packages/core/src/vault/associated-data.ts';
import { createVault, type SealContext } from '../../../packages/core/src/vault/create-vault.ts';
import type { VaultContestant } from './vault-contestant.ts';

const place: SealContext = {
  tenant: 'acme',
  objectType: 'connection',
  objectId: '01890a5d-ac96-774b-bcce-b302099a8057',
  field: 'credential',
  purpose: 'outgoing-request',
  secretVersion: 7,
};

/** Bytes as many as the vault binds for that place. */
export const boundBytes: Uint8Array = encodeAssociatedData([1, ...Object.values(place), 'f'.repeat(32), 1, 'k1']);

/** The vault as a hub has it: key-encryption key, data key of the tenant in memory, key of the value with commitment, place bound in. */
export function patchbayVault(): VaultContestant {
  const records = new Map<string, TenantKeyRecord>();
  const vault = createVault({
    keys: localKeys({ active: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
    clock: systemClock,
    store: {
      read: async (tenant) => [...records].flatMap(([owner, record]) => (owner === tenant ? [record] : [])),
      async create(tenant, record) {
        records.set(tenant, record);
        return record;
      },
    },
  });
  return {
    seal: (plaintext) => vault.seal(place, plaintext),
    open: (sealed) => vault.openBytes(place, sealed),
  };
}
