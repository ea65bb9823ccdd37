import type { Json } from '@patchbay/core';
import type { ConnectorHarness } from '@patchbay/core/connector-kit';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, setConnectorStage } from './connector-stage.ts';
import type { ConnectorSubject, PollCase } from './connector-subject.ts';

/** Looks after which a trigger has come to the end of what there is. */
const mostLooks = 100;

/** All that there is from a cursor on, and where it ends. */
async function lookAll(
  harness: ConnectorHarness,
  trigger: string,
  from: Json,
): Promise<{ readonly ids: readonly string[]; readonly cursor: Json }> {
  const ids: string[] = [];
  let cursor = from;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const answer = await harness.poll({ trigger, cursor });
    ids.push(...answer.events.map(({ id }) => id));
    cursor = answer.cursor;
    if (answer.more !== true) return { ids, cursor };
  }
  throw new Error(`There is still more after ${mostLooks} looks: the cursor does not move on.`);
}

function describePoll<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, { trigger, happen }: PollCase<Provider>): void {
  describe(trigger, () => {
    it('finds what happened after a cursor, once, and comes to an end', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const before = await lookAll(harness, trigger, null);
      await happen(provider);
      const first = await lookAll(harness, trigger, before.cursor);
      expect(first.ids, 'one thing happened').toHaveLength(1);
      expect(before.ids, 'the id of what is new').not.toContain(first.ids[0]);
      await happen(provider);
      await happen(provider);
      const second = await lookAll(harness, trigger, first.cursor);
      expect(new Set(second.ids).size, 'two more things happened').toBe(2);
      expect((await lookAll(harness, trigger, second.cursor)).ids, 'nothing happened').toEqual([]);
    });

    it('finds the same by the same ids from a cursor of before', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const { cursor } = await lookAll(harness, trigger, null);
      await happen(provider);
      const once = await lookAll(harness, trigger, cursor);
      expect((await lookAll(harness, trigger, cursor)).ids).toEqual(once.ids);
    });

    it('changes nothing at the service', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      await happen(provider);
      const effects = provider.effects().length;
      await lookAll(harness, trigger, null);
      expect(provider.effects()).toHaveLength(effects);
      expect(provider.requests.length).toBeGreaterThan(0);
    });

    it('fails with a credential that the service refuses', async () => {
      const { harness } = await setConnectorStage(subject, { credential: subject.wrongCredential });
      expect((await errorOf(harness.poll({ trigger, cursor: null }))).code).toBe('authentication_failed');
    });
  });
}

/** Triggers that are polled. */
export function describePolls<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>): void {
  const { polls = [] } = subject;
  if (polls.length === 0) return;
  describe('polling', () => {
    for (const each of polls) describePoll(subject, each);
  });
}
