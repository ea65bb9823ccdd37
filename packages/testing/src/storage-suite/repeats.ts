import { expect } from 'vitest';
import type { Scenario, Stage } from './stage.ts';

/** A call that can be made twice with the same arguments. */
type Call = () => Promise<unknown>;

/** Times that a repeat may move on, on a store whose clock cannot be stopped. */
const moving = new Set(['storeNow', 'leaseUntil', 'until']);

const still = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null, (key, inner: unknown) => (moving.has(key) ? undefined : inner)));

/** Everything that can be read of the tenant. */
async function everything({ storage }: Stage): Promise<unknown> {
  const page = { cursor: null, limit: 500 };
  const { history, gates, configuration, audit } = storage;
  const dispatches = (await history.dispatches('acme', {}, page)).items;
  const attempts = await Promise.all(dispatches.map((dispatch) => history.attempts(dispatch.key)));
  const [events, runs] = [await history.events('acme', {}, page), await history.runs('acme', {}, page)];
  const configured = await configuration.snapshot('acme', ['subscriber']);
  const recorded = (await audit.page('acme', {}, page)).items;
  return still({ events, runs, dispatches, attempts, gates: await gates.list('acme'), configured, recorded });
}

/** Declares that a second call, made because the answer of the first was lost, answers the same and changes nothing. */
export const repeats = (scenario: Scenario, title: string, prepare: (stage: Stage) => Promise<Call>): void =>
  scenario(title, async (stage) => {
    const call = await prepare(stage);
    const first = still(await call());
    const before = await everything(stage);
    expect(still(await call())).toEqual(first);
    expect(await everything(stage)).toEqual(before);
    expect(still(await call())).toEqual(first);
  });
