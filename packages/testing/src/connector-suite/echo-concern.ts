import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { secretsOf } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';
import { setHubStage } from './hub-stage.ts';

/** Headers in which services have been seen to repeat what they were sent; the one with the id of the request is kept by the hub. */
const usualHeaders = ['x-request-id', 'www-authenticate', 'x-debug'];

/** A service that says the credential back to a hub: nobody is shown it. The suite tries one action of each idempotency class. */
export function describeEcho<Provider extends FakeProvider>(
  subject: ConnectorSubject<Provider>,
  { name, input }: ActionCase<Provider>,
): void {
  const places = secretsOf(subject.credential).map((_secret, place) => place);
  if (places.length === 0) return;
  describe(`action ${name} in a hub, its credential said back`, () => {
    it.each([
      ['an error', false],
      ['a good answer', true],
    ])(
      'shows it in no output, error, event, notice, audit or log line, where it stands in headers and body of %s',
      async (_where, inAnswer) => {
        for (const place of places) {
          const { provider, connector, test, acme, shown } = await setHubStage(subject);
          // Read now: a secret URL is known once its stand-in is there.
          const secrets = secretsOf(subject.credential);
          const credential = secrets[place] ?? '';
          const given = input(provider);
          const { requestIdHeader } = connector.definition;
          const headers = requestIdHeader === undefined ? usualHeaders : [...usualHeaders, requestIdHeader];
          provider.failNext(1, { kind: 'echo_credential', credential, headers, inAnswer });
          await acme.actions.execute(`${connector.id}.${name}`, { connection: 'main', input: given });
          await test.settled();
          expect(provider.requests[0]?.fault, 'what the first request met').toBe('echo_credential');
          const text = await shown();
          for (const secret of secrets) expect(text.includes(JSON.stringify(secret).slice(1, -1)), 'the credential is shown').toBe(false);
        }
      },
    );
  });
}
