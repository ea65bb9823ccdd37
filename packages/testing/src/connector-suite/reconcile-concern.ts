import { systemClock } from '@patchbay/core/adapter';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { errorOf, setConnectorStage } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';

/** Looking for an effect whose answer was lost. */
export function describeReconcile<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const { name } = action;
  describe(`action ${name} after a lost answer`, () => {
    it('is found, and not done a second time', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      const since = systemClock.now();
      provider.failNext(1, { kind: 'reset', when: 'after_effect', match: /^(POST|PUT|PATCH|DELETE) / });
      expect(await errorOf(harness.execute({ action: name, input, key: 'first' }))).toMatchObject({ sent: 'maybe' });
      expect(provider.effects()).toHaveLength(1);
      expect(await harness.reconcile({ action: name, input, key: 'first', since })).toMatchObject({ answer: 'found' });
      expect(provider.effects()).toHaveLength(1);
    });

    it('is found with the very output that the lost answer would have given', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      const since = systemClock.now();
      const { output } = await harness.execute({ action: name, input, key: 'first' });
      expect(await harness.reconcile({ action: name, input, key: 'first', since })).toEqual({ answer: 'found', output });
    });

    it('is absent where the request never took effect', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      const since = systemClock.now();
      provider.failNext(1, { kind: 'reset', when: 'after_reading', match: /^(POST|PUT|PATCH|DELETE) / });
      expect(await errorOf(harness.execute({ action: name, input, key: 'first' }))).toMatchObject({ sent: 'maybe' });
      expect(await harness.reconcile({ action: name, input, key: 'first', since })).toEqual({ answer: 'absent' });
    });

    it('is not confused with the same call of another dispatch', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      const since = systemClock.now();
      await harness.execute({ action: name, input, key: 'another' });
      expect(await harness.reconcile({ action: name, input, key: 'first', since })).toEqual({ answer: 'absent' });
    });

    it('carries the key to the service', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      await harness.execute({ action: name, input: action.input(provider), key: 'first' });
      await harness.execute({ action: name, input: action.input(provider), key: 'second' });
      const keys = provider.effects().map(({ idempotencyKey }) => idempotencyKey);
      expect(keys).toEqual([expect.stringMatching(/^[\w-]{32}$/), expect.stringMatching(/^[\w-]{32}$/)]);
      expect(new Set(keys).size).toBe(2);
    });

    it('is not taken for absent where the look itself fails', async () => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      provider.failNext(20, { kind: 'answer', status: 500 });
      const error = await errorOf(harness.reconcile({ action: name, input, key: 'first', since: systemClock.now() }));
      expect(error.retryable).toBe(true);
    });
  });
}
