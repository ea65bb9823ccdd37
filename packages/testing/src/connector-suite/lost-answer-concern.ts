import type { IdempotencyClass } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ScriptedFault } from '../providers/scripted-fault.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';
import { setHubStage } from './hub-stage.ts';

/** Methods that write. */
const writing = /^(POST|PUT|PATCH|DELETE) /;

/** How an answer is lost after the request took effect. */
const losses: readonly (readonly [title: string, fault: ScriptedFault])[] = [
  ['the connection ends before the answer', { kind: 'reset', when: 'after_effect' }],
  ['the answer is a 500', { kind: 'answer', status: 500, effect: true }],
];

interface End {
  readonly title: string;
  readonly status: 'succeeded' | 'held';
  /** @default one or more */
  readonly effects?: number;
}

/** What becomes of a call whose effect happened and whose answer was lost, class by class. */
const ends: Readonly<Record<IdempotencyClass, End>> = {
  read: { title: 'reads again', status: 'succeeded', effects: 0 },
  idempotent: { title: 'does it again, and succeeds', status: 'succeeded' },
  keyed: { title: 'sends its key again, and has one effect', status: 'succeeded', effects: 1 },
  reconcilable: { title: 'looks, finds it, and makes no second', status: 'succeeded', effects: 1 },
  unsafe: { title: 'is held for a person, and makes no second', status: 'held', effects: 1 },
};

/**
 * An action in a hub, whose answer is lost: the hub goes by what the action declares and by what its errors say. The suite tries one action
 * of each idempotency class.
 */
export function describeLostAnswer<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const { name } = action;
  const idempotency = subject.create('https://api.example.com').actions[name]?.idempotency;
  if (idempotency === undefined) return;
  const { title, status, effects } = ends[idempotency];
  const reads = idempotency === 'read';
  const said = `${name} is declared ${idempotency}. Requests with an effect`;
  describe(`action ${name} in a hub, its answer lost`, () => {
    it.each(losses)(`${title}, where %s`, async (_title, fault) => {
      const { provider, dispatch } = await meet(subject, action, { ...fault, match: reads ? /./ : writing });
      expect({ status: dispatch.status, error: dispatch.status === status ? null : dispatch.error }).toEqual({ status, error: null });
      if (effects === undefined) expect(provider.effects().length, said).toBeGreaterThan(0);
      else expect(provider.effects(), said).toHaveLength(effects);
    });

    if (!reads)
      it('makes no second where half an answer says that it was done', async () => {
        const { provider, dispatch } = await meet(subject, action, { kind: 'malformed', match: writing });
        expect(provider.effects(), said).toHaveLength(1);
        // Whoever cannot look does not repeat what was answered with success.
        expect(dispatch.status).toMatch(idempotency === 'reconcilable' ? /^succeeded$/ : /^(succeeded|dead)$/);
      });
  });
}

/** One call in a hub, against a stand-in with a fault, worked on until nothing is due within a day. */
async function meet<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  { name, input }: ActionCase<Provider>,
  fault: ScriptedFault,
) {
  const { provider, connector, test, acme } = await setHubStage(subject);
  const given = input(provider);
  provider.failNext(1, fault);
  const { dispatchId } = await acme.actions.execute(`${connector.id}.${name}`, { connection: 'main', input: given });
  await test.settled();
  return { provider, dispatch: await acme.dispatches.get(dispatchId) };
}
