import type { ActionDefinition, Json } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { startFakeProvider } from '../providers/fake-provider.ts';
import { errorOf, loggedCredential, sentCredential, setConnectorStage, stateOf } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';

/** Methods that write. */
const writing = /^(POST|PUT|PATCH|DELETE) /;

/** One action: its request and its input. */
export function describeAction<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const { name } = action;
  const definition: ActionDefinition | undefined = subject.create('https://api.example.com').actions[name];
  const reads = definition?.idempotency === 'read';

  describe(`action ${name}`, () => {
    it(reads ? 'changes nothing' : 'makes one change at the service', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      const before = stateOf(subject, provider);
      const { output } = await harness.execute({ action: name, input });
      expect(output).toBeTypeOf('object');
      expect(provider.effects(), effectsOf(name, reads)).toHaveLength(reads ? 0 : 1);
      if (reads) expect(stateOf(subject, provider)).toEqual(before);
    });

    it('makes no needless request', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      await harness.execute({ action: name, input: action.input(provider) });
      expect(provider.requests.length, 'requests of one call: where it needs more than one, its case says `requests`').toBe(
        action.requests ?? 1,
      );
    });

    it('sends the credential with every request, and nothing anywhere else', async () => {
      const { provider, connector, harness } = await setConnectorStage(subject);
      await harness.execute({ action: name, input: action.input(provider) });
      const { type } = subject.credential;
      const method = connector.manifest.auth.find((each) => each.type === type);
      if (method === undefined) throw new Error(`The subject has a credential of type ${type}, which the connector does not take.`);
      const sent = new Set(provider.requests.map((request) => sentCredential(request, method)));
      expect(sent, `what every request carries as ${JSON.stringify(method)}`).toEqual(
        new Set([loggedCredential(subject.credential, method)]),
      );
      expect(new Set(provider.requests.map(({ headers }) => `http://${headers['host']}`))).toEqual(new Set([provider.origin]));
    });

    it('follows no redirect', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const elsewhere = await startFakeProvider({ handler: () => ({ json: {} }) });
      try {
        provider.failNext(1, { kind: 'answer', status: 307, headers: { location: `${elsewhere.origin}/` }, match: reads ? /./ : writing });
        await errorOf(harness.execute({ action: name, input: action.input(provider) }));
        expect(elsewhere.requests).toEqual([]);
      } finally {
        await elsewhere.close();
      }
    });

    it('refuses wrong input before anything is sent', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      for (const wrong of [...wrongInputs(input, requiredOf(subject, name)), ...(action.refused ?? [])]) {
        const what = `A call with the input ${JSON.stringify(wrong)}`;
        const error = await errorOf(harness.execute({ action: name, input: wrong }), what);
        expect(error.code, what).toBe('invalid_input');
      }
      expect(provider.requests).toEqual([]);
    });

    it('is refused with another credential, and says that nothing happened', async () => {
      const { provider, harness } = await setConnectorStage(subject, { credential: subject.wrongCredential });
      const error = await errorOf(harness.execute({ action: name, input: action.input(provider) }));
      expect(error).toMatchObject({ code: 'authentication_failed', retryable: false, sent: 'no' });
      expect(provider.effects()).toEqual([]);
    });
  });
}

function requiredOf<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, name: string): readonly string[] {
  const { manifest } = subject.create('https://api.example.com');
  const required = manifest.actions.find((action) => action.name === name)?.input['required'];
  return Array.isArray(required) ? required.map(String) : [];
}

/** A list instead of an object, a field nobody knows, each required field missing, each field of another type. */
function wrongInputs(input: Readonly<Record<string, Json>>, required: readonly string[]): readonly Json[] {
  const without = (name: string): Json => Object.fromEntries(Object.entries(input).filter(([field]) => field !== name));
  const names = Object.keys(input);
  return [
    [],
    { ...input, unknown_field: 1 },
    ...required.map(without),
    ...names.map((field) => ({ ...input, [field]: { not: ['this'] } })),
  ];
}

const effectsOf = (name: string, reads: boolean): string =>
  reads
    ? `${name} is declared read, and the stand-in answered it with effect: true`
    : `${name} makes one change: the stand-in answers it with effect: true, and its other requests without`;
