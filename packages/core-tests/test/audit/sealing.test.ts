import { createSecretKey } from 'node:crypto';
import type { AuditEntry, Storage } from '@patchbay/core/adapter';
import { memoryStorage } from '@patchbay/storage-memory';
import { expect, it } from 'vitest';
import { createChainHash } from '../../../core/src/audit/chain-hash.ts';
import { sealBatch } from '../../../core/src/audit/seal-batch.ts';
import { verifyChain } from '../../../core/src/audit/verify-chain.ts';

const hash = createChainHash({ active: 'k1', keys: { k1: createSecretKey(Buffer.alloc(32, 1)) } });

const entry = (number: number): AuditEntry => ({
  id: `0198a000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  actor: { kind: 'user', id: `writer-${number % 50}` },
  action: 'connection.put',
  object: { type: 'connection', id: 'one' },
  connection: 'one',
  outcome: 'succeeded',
  details: JSON.stringify({ number }),
  correlation: null,
});

async function report(storage: Storage, tenant: string) {
  const state = await storage.audit.state(tenant);
  const records = await storage.audit.chain(tenant, { after: 0, limit: 1_000 });
  return verifyChain({ tenant, state, records, checkpoints: [], hash });
}

it('makes one chain that holds of what 50 writers record at once, while several seal', async () => {
  const storage = memoryStorage();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const write = async (writer: number): Promise<void> => {
    for (let act = 0; act < 10; act += 1) {
      await storage.audit.append('acme', [entry(writer * 10 + act)]);
      await turn();
    }
  };
  let isWriting = true;
  const seal = async (): Promise<void> => {
    for (let more = true; isWriting || more; await turn()) ({ more } = await sealBatch(storage.audit, hash));
  };
  const sealers = [seal(), seal(), seal()];
  await Promise.all(Array.from({ length: 50 }, (_, writer) => write(writer)));
  isWriting = false;
  await Promise.all(sealers);
  expect(await report(storage, 'acme')).toMatchObject({ valid: true, records: 500, unsealed: 0, head: { seq: 500 } });
});
