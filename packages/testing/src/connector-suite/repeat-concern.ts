import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, setConnectorStage, stateOf } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';

/** Methods that write. */
const writing = /^(POST|PUT|PATCH|DELETE) /;

/** What a second call with the same key does, for the classes by which the hub makes one: `idempotent` and `keyed`. */
export function describeRepeat<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const idempotency = subject.create('https://api.example.com').actions[action.name]?.idempotency;
  if (idempotency !== 'idempotent' && idempotency !== 'keyed') return;
  describe(`action ${action.name} repeated`, () => {
    if (idempotency === 'keyed') describeKeyed(subject, action);
    else describeIdempotent(subject, action);
  });
}

function describeIdempotent<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  { name, input: make }: ActionCase<Provider>,
) {
  it('succeeds when it is repeated after a lost answer', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    const input = make(provider);
    provider.failNext(1, { kind: 'reset', when: 'after_effect', match: writing });
    expect(await errorOf(harness.execute({ action: name, input }))).toMatchObject({ sent: 'maybe' });
    await expect(harness.execute({ action: name, input })).resolves.toBeDefined();
  });

  if (subject.state !== undefined) {
    it('leaves the service as one call leaves it', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = make(provider);
      const untouched = stateOf(subject, provider);
      await harness.execute({ action: name, input });
      const once = stateOf(subject, provider);
      expect(once, `state() shows nothing of what ${name} does, so it cannot tell what a repeat does. Let it show the thing.`).not.toEqual(
        untouched,
      );
      await harness.execute({ action: name, input });
      expect(
        stateOf(subject, provider),
        `${name} is declared idempotent, and a repeat changes the service. Declare another class.`,
      ).toEqual(once);
    });
    return;
  }

  it('has no second effect, or gives the same output (more cannot be seen: the subject has no state())', async ({ skip }) => {
    const { provider, harness } = await setConnectorStage(subject);
    const input = make(provider);
    const first = await harness.execute({ action: name, input });
    const second = await harness.execute({ action: name, input });
    if (provider.effects().length < 2) return expect(provider.effects()).toHaveLength(1);
    const said = `${name} is declared idempotent, and a repeat has a second effect and another output. Declare another class, or give the subject state().`;
    expect(second.output, said).toEqual(first.output);
    return skip('The stand-in counts two effects, and the outputs are equal. Give the subject state() to see whether a repeat changes it.');
  });
}

function describeKeyed<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, { name, input: make }: ActionCase<Provider>) {
  it('has one effect when it is repeated with its key after a lost answer', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    const input = make(provider);
    provider.failNext(1, { kind: 'reset', when: 'after_effect', match: writing });
    expect(await errorOf(harness.execute({ action: name, input, key: 'first' }))).toMatchObject({ sent: 'maybe' });
    await provider.idle();
    const once = stateOf(subject, provider);
    await harness.execute({ action: name, input, key: 'first' });
    const said = `${name} does not send key.value where the stand-in looks for it, or the stand-in does not drop a repeated key (dropsRepeatedKeys).`;
    expect(provider.effects(), said).toHaveLength(1);
    expect(stateOf(subject, provider), said).toEqual(once);
  });

  it('sends its key with every writing request: the same on a repeat, another for another dispatch', async () => {
    const { provider, harness } = await setConnectorStage(subject);
    const input = make(provider);
    const keysOf = async (key: string): Promise<readonly (string | undefined)[]> => {
      const before = provider.requests.length;
      const call = harness.execute({ action: name, input, key });
      // A service may refuse a second such thing. Which key it was asked with is seen all the same.
      await (key === 'second' ? call.catch(() => undefined) : call);
      const sent = provider.requests.slice(before).filter(({ method, path }) => writing.test(`${method} ${path}`));
      expect(sent.length, `${name} sends a writing request`).toBeGreaterThan(0);
      for (const { method, path, idempotencyKey } of sent) expect(idempotencyKey ?? '', `the key of ${method} ${path}`).toMatch(/\S/);
      return sent.map(({ idempotencyKey }) => idempotencyKey);
    };
    const first = await keysOf('first');
    expect(await keysOf('first')).toEqual(first);
    const other = await keysOf('second');
    expect(other.filter((key) => first.includes(key))).toEqual([]);
  });
}
