import type { Storage } from '@patchbay/core/adapter';
import { describe, expect, it } from 'vitest';
import { createSamples } from './samples.ts';
import { only, statuses } from './stage.ts';
import type { HostTransaction, StorageFactory, StorageSubject } from './storage-factory.ts';

type Body<Transaction> = (subject: StorageSubject<Transaction>, begin: () => Promise<HostTransaction<Transaction>>) => Promise<void>;

/** What ingest promises within a transaction of the host's. Skipped where the storage cannot join one. */
export function hostTransactionConcern<Transaction>(factory: StorageFactory<Transaction>, note: (reason: string) => void): void {
  const scenario = (title: string, body: Body<Transaction>): void => {
    it(title, async (context) => {
      const subject = await factory.create();
      try {
        const { begin, storage } = subject;
        if (begin === undefined) {
          expect(storage.capabilities.hostTransaction).toBe(false);
          const reason = 'it cannot join a transaction of the host (capability hostTransaction)';
          note(reason);
          context.skip(reason);
        } else await body(subject, () => begin.call(subject));
      } finally {
        await subject.close();
      }
    });
  };
  const request = { holder: 'router-a', limit: 10, ttlMs: 30_000 };

  it("refuses a host's transaction with `unsupported` where it cannot join one", async () => {
    const { storage, close } = await factory.create();
    const item = createSamples().item({ plan: null });
    // What the types forbid, and plain JavaScript could hand in.
    const given = storage as Storage<unknown>;
    const attempt = given.ingest([item], { transaction: {} });
    await expect(attempt).rejects.toMatchObject({ code: storage.capabilities.hostTransaction ? 'invalid_argument' : 'unsupported' });
    expect(await storage.history.event(item.tenant, item.root)).toBeNull();
    await close();
  });

  describe("the host's own transaction", () => {
    scenario('shows the event and its mark after the commit, and not before', async ({ storage }, begin) => {
      const item = createSamples().item({ plan: null });
      const host = await begin();
      expect(statuses(await storage.ingest([item], { transaction: host.transaction }))).toEqual(['created']);
      expect(await storage.history.event(item.tenant, item.root)).toBeNull();
      expect(await storage.claimMarks(request)).toEqual([]);
      await host.commit();
      expect(only(await storage.claimMarks(request)).root).toBe(item.root);
    });

    scenario('reads an event inside it, where others do not see it yet', async ({ storage }, begin) => {
      const item = createSamples().item({ plan: null });
      const host = await begin();
      const { transaction } = host;
      await storage.ingest([item], { transaction });
      expect(await storage.history.event(item.tenant, item.root, { transaction })).toMatchObject({ id: item.root });
      expect(await storage.history.event(item.tenant, item.root)).toBeNull();
      await host.rollback();
    });

    scenario('leaves nothing after a rollback, the dedupe key included', async ({ storage }, begin) => {
      const samples = createSamples();
      const dedupe = { key: 'host:order-7', hash: null };
      const host = await begin();
      const item = samples.item({ plan: null, dedupe });
      expect(statuses(await storage.ingest([item], { transaction: host.transaction }))).toEqual(['created']);
      await host.rollback();
      expect(await storage.history.event(item.tenant, item.root)).toBeNull();
      expect(await storage.claimMarks(request)).toEqual([]);
      expect(statuses(await storage.ingest([samples.item({ plan: null, dedupe })]))).toEqual(['created']);
    });

    scenario('refuses a plan', async ({ storage }, begin) => {
      const item = createSamples().item();
      const host = await begin();
      await expect(storage.ingest([item], { transaction: host.transaction })).rejects.toMatchObject({ code: 'invalid_argument' });
      await host.rollback();
      expect(await storage.history.event(item.tenant, item.root)).toBeNull();
    });

    scenario('makes what has its key busy while it is open, and nothing beside that', async ({ storage }, begin) => {
      const samples = createSamples();
      const dedupe = { key: 'host:order-7', hash: null };
      const host = await begin();
      const first = samples.item({ plan: null, dedupe });
      await storage.ingest([first], { transaction: host.transaction });
      const items = [samples.item(), samples.item({ dedupe }), samples.item(), samples.item({ plan: null })];
      expect(statuses(await storage.ingest(items))).toEqual(['created', 'busy', 'created', 'created']);
      await host.commit();
      expect(await storage.ingest(items.slice(1, 2))).toEqual([{ status: 'duplicate', root: first.root }]);
    });

    scenario('does not make others wait while it is open', async ({ storage }, begin) => {
      const samples = createSamples();
      const host = await begin();
      await storage.ingest([samples.item({ plan: null, dedupe: { key: 'host:order-7', hash: null } })], { transaction: host.transaction });
      const others = Array.from({ length: 20 }, (_, index) => samples.item({ dedupe: { key: `webhook:${index}`, hash: null } }));
      expect(new Set(statuses(await storage.ingest(others)))).toEqual(new Set(['created']));
      await host.commit();
    });
  });
}
