import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FailingMoment, failingStorage } from '../support/failing-storage.ts';
import { type AlertStage, alertStage, deadRule, filing, hour, minute } from './alert-stage.ts';

let stage: AlertStage;
beforeEach(() => {
  stage = alertStage();
});
afterEach(() => stage.close());

/** A store that takes no state of an alert from this process: as if it had died behind the ledger's commit. */
function withoutAlertStates(storage: Storage<never>): Storage<never> {
  const write: Storage['states']['write'] = async (items) => {
    if (!items.some(({ name }) => name.startsWith('alert:'))) return storage.states.write(items);
    throw new PatchbayError({ code: 'storage_unavailable', message: 'The store is away. Try again.', retryable: true });
  };
  return new Proxy(storage, { get: (of, name) => (name === 'states' ? { ...of.states, write } : Reflect.get(of, name)) });
}

/** A store that is away for a moment just after the first level has been told. */
function awayBehindTheTelling(storage: Storage<never>): Storage<never> {
  let left = 1;
  let isAway = false;
  const ingest: Storage['ingest'] = async (items) => {
    const verdicts = await storage.ingest(items);
    isAway = left > 0 && items.some(({ dedupe }) => dedupe?.key.endsWith(':level.0'));
    return verdicts;
  };
  const read: Storage['states']['read'] = async (tenant, name) => {
    if (!isAway) return storage.states.read(tenant, name);
    [left, isAway] = [0, false];
    throw new PatchbayError({ code: 'storage_unavailable', message: 'The store is away. Try again.', retryable: true });
  };
  const changed = { ingest, states: { ...storage.states, read } };
  return new Proxy(storage, { get: (of, name) => Reflect.get(name in changed ? changed : of, name) });
}

describe('an alert that was begun', () => {
  it('is told once where nobody can note that it has been told', async () => {
    const process = stage.process({ storage: awayBehindTheTelling(stage.storage) });
    await filing(process);
    await process.acme.alerts.put('dead letters', deadRule());
    await stage.refuse(process, 1);
    await process.settled(10 * minute);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    expect((await process.acme.dispatches.list()).items.find(({ operation }) => operation === 'keep')).toMatchObject({
      attempts: [{ outcome: 'failed' }],
    });
  });

  it('is opened and told by the next process where the first one dies before it has written that it is open', async () => {
    const dying = stage.process({ storage: withoutAlertStates(stage.storage) });
    await filing(dying);
    await dying.acme.alerts.put('dead letters', deadRule());
    await stage.refuse(dying, 1);
    await dying.hub.work();
    expect([await dying.acme.alerts.open(), stage.said()]).toEqual([[], []]);
    const next = stage.process();
    await next.settled(minute);
    expect(stage.said()).toEqual(['pager opened dead letters']);
    expect(await next.acme.alerts.open()).toMatchObject([{ occurrences: 1, levels: 1 }]);
  });

  it.each(['before', 'behind'] as const)(
    'is told once whichever call of the store fails %s it has happened',
    async (moment: FailingMoment) => {
      for (let number = moment === 'before' ? 1 : 2; number < 50; number += 4) {
        const each = alertStage();
        const failing = failingStorage(each.storage);
        const process = each.process({ storage: failing.storage });
        await filing(process);
        await process.acme.alerts.put('dead letters', deadRule({ resolveAfterMs: 30 * minute }));
        await each.refuse(process, 1);
        failing.fail(number, moment);
        // What waits before it tries again waits by the clock.
        let isOver = false;
        void process.hub.work().then(
          () => (isOver = true),
          () => (isOver = true),
        );
        while (!isOver) await each.clock.advance(1_000);
        failing.fail(0, moment);
        await each.clock.advance(minute);
        await process.settled(2 * hour);
        expect([number, each.said()]).toEqual([number, ['pager opened dead letters', 'pager resolved dead letters']]);
        await each.close();
      }
    },
  );
});
