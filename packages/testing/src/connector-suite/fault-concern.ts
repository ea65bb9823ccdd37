import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ScriptedFault } from '../providers/scripted-fault.ts';
import { errorOf, type StageOptions, secretsOf, setConnectorStage } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';

/** What an action makes of a service that fails: the error's code, whether it is worth a repeat, and whether anything can have happened. */
export function describeFaults<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const reads = subject.create('https://api.example.com').actions[action.name]?.idempotency === 'read';
  const match = reads ? /./ : /^(POST|PUT|PATCH|DELETE) /;

  const meet = async (fault: ScriptedFault, options: StageOptions = {}) => {
    const { provider, harness } = await setConnectorStage(subject, options);
    const input = action.input(provider);
    provider.failNext(1, { ...fault, match });
    return { error: await errorOf(harness.execute({ action: action.name, input })), provider };
  };

  describe(`action ${action.name} against a failing service`, () => {
    it('waits as long as a rate limit in seconds asks for', async () => {
      const { error, provider } = await meet({ kind: 'rate_limit', retryAfter: 7 });
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true, sent: 'no', retryAfterMs: 7_000 });
      expect(provider.effects()).toEqual([]);
    });

    it('waits until the date that a rate limit names', async () => {
      const { error } = await meet({ kind: 'rate_limit', retryAfter: new Date('2100-01-01T00:00:00Z') });
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true, sent: 'no' });
      expect(error.retryAfterMs).toBeGreaterThan(365 * 86_400_000);
    });

    it('takes a rate limit that names no time for one', async () => {
      const { error } = await meet({ kind: 'rate_limit' });
      expect(error).toMatchObject({ code: 'rate_limited', retryable: true, sent: 'no' });
    });

    it('does not know what a 500 did', async () => {
      const { error } = await meet({ kind: 'answer', status: 500 });
      expect(error).toMatchObject({ code: 'provider_error', retryable: true, sent: 'maybe' });
    });

    it('knows that a 503 did nothing', async () => {
      const { error } = await meet({ kind: 'answer', status: 503 });
      expect(error).toMatchObject({ code: 'provider_unavailable', retryable: true, sent: 'no' });
    });

    it.each(['before_reading', 'after_reading', 'after_effect'] as const)('does not know what a reset %s did', async (when) => {
      const { error } = await meet({ kind: 'reset', when });
      expect(error).toMatchObject({ code: 'network', retryable: true, sent: 'maybe' });
    });

    it('gives up on a service that does not answer, and does not know what it did', async () => {
      const { error } = await meet({ kind: 'hang' }, { timeoutMs: 200 });
      expect(error).toMatchObject({ sent: 'maybe' });
      expect(['timeout', 'aborted']).toContain(error.code);
    });

    it('gives up on an answer that comes a byte at a time', async () => {
      const { error } = await meet({ kind: 'slow_body', pauseMs: 50 }, { timeoutMs: 200 });
      expect(['timeout', 'aborted']).toContain(error.code);
    });

    it('reads no endless answer', async () => {
      const { error } = await meet({ kind: 'huge_body', bytes: 4_000_000 }, { maximumResponseBytes: 1_000_000 });
      expect(error.code).toBe('response_too_large');
    });

    it('does not take half an answer for one', async () => {
      const { error } = await meet({ kind: 'malformed' });
      expect(error.code).toBe('response_invalid');
    });

    it('repeats no credential that the service repeats', async ({ skip }) => {
      const secrets = secretsOf(subject.credential);
      if (secrets.length === 0) return skip('The subject has no credential that could be repeated.');
      for (const secret of secrets) {
        const { error } = await meet({ kind: 'echo_credential', credential: secret });
        const shown = `${error.message} ${JSON.stringify(error)} ${error.stack}`;
        for (const each of secrets) expect(shown).not.toContain(each);
      }
    });
  });
}
