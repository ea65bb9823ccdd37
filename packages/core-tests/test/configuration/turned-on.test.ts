import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LampProcess, type LampStage, lampStage, settle } from './lamp-stage.ts';

let stage: LampStage;
let office: LampProcess;

beforeEach(() => {
  stage = lampStage();
  office = stage.process();
});
afterEach(() => stage.close());

/** A store whose next answer about a revision comes when the test says so. */
function slow(storage: Storage<never>) {
  let gate: { readonly asked: PromiseWithResolvers<void>; readonly answer: PromiseWithResolvers<void> } | undefined;
  const configuration: Storage<never>['configuration'] = {
    ...storage.configuration,
    async revision(tenant) {
      const held = gate;
      gate = undefined;
      const answer = await storage.configuration.revision(tenant);
      held?.asked.resolve();
      await held?.answer.promise;
      return answer;
    },
  };
  const hold = () => {
    gate = { asked: Promise.withResolvers(), answer: Promise.withResolvers() };
    return { asked: gate.asked.promise, release: gate.answer.resolve };
  };
  return { storage: { ...storage, configuration }, hold };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('what was turned on in another process is taken by one that has been looking since before', async () => {
  const { handle: acme, url } = await settle(office);
  await acme.configuration.turnOff({ event: 'lamp.broken' });
  const { storage, hold } = slow(stage.storage);
  const other = stage.process({ storage });
  expect(await other.deliver(url, { trigger: 'broken' })).toBe(202);
  const { asked, release } = hold();
  const looking = other.hub.tenant('acme').connections.list();
  await asked;
  await acme.configuration.turnOn({ event: 'lamp.broken' });
  const delivered = other.deliver(url, { trigger: 'broken' });
  for (let turns = 0; turns < 20; turns += 1) await turn();
  release();
  expect(await delivered).toBe(202);
  await looking;
  expect((await acme.events.list()).items.map(({ event }) => event.type)).toEqual(['lamp.broken']);
});

it('a call of what was turned on in another process is queued by one that has been looking since before', async () => {
  const { handle: acme } = await settle(office);
  await acme.configuration.turnOff({ action: 'lamp.light' });
  const { storage, hold } = slow(stage.storage);
  const other = stage.process({ storage });
  const there = other.hub.tenant('acme');
  const call = () => there.actions.execute('lamp.light', { connection: 'main', input: {} });
  await expect(call()).rejects.toMatchObject({ code: 'turned_off' });
  const { asked, release } = hold();
  const looking = there.connections.list();
  await asked;
  await acme.configuration.turnOn({ action: 'lamp.light' });
  const called = call();
  for (let turns = 0; turns < 20; turns += 1) await turn();
  release();
  expect(await called).toMatchObject({ dispatchId: expect.any(String) });
  await looking;
});
