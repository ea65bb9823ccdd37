import { isPatchbayError } from '@patchbay/core';
import { describe, expect, it } from 'vitest';
import type { FakeProvider } from '../providers/fake-provider.ts';
import { setConnectorStage } from './connector-stage.ts';
import type { ActionCase, ConnectorSubject } from './connector-subject.ts';

/** Pages that a listing without an end has here: ten times the gateway's own bound. */
const mostPages = 1_000;

/** What an action that reads page by page makes of a listing that never ends. Only for a case that has `pages`. */
export function describePages<Provider extends FakeProvider>(subject: ConnectorSubject<Provider>, action: ActionCase<Provider>): void {
  const { name, pages } = action;
  if (pages === undefined) return;
  describe(`action ${name} over a listing that never ends`, () => {
    it.each([
      ['there is always a further page', (number: number) => number],
      ['a page comes again and again', () => 1],
    ])('ends, with a result or an error that says why, where %s', { timeout: 60_000 }, async (_where, numberOf) => {
      const { provider, harness } = await setConnectorStage(subject);
      const input = action.input(provider);
      for (let number = 1; number <= mostPages; number += 1) {
        const { json, ...reply } = pages.make(numberOf(number));
        const body = json === undefined ? {} : { body: json };
        provider.failNext(1, { kind: 'answer', status: 200, ...reply, ...body, match: pages.match ?? /^GET / });
      }
      const end = await harness.execute({ action: name, input }).then(
        () => 'a result',
        (error: unknown) => (isPatchbayError(error) ? error.code : `the foreign error ${String(error)}`),
      );
      const asked = provider.requests.filter(({ fault }) => fault === 'answer').length;
      const noFurther = `${name} ended with ${end} after ${asked} page(s): pages.make gives none that it reads and that names a further one.`;
      expect(asked, noFurther).toBeGreaterThan(1);
      expect(asked, `${name} read ${mostPages} pages. Use http.pages, which has a bound, or count them.`).toBeLessThan(mostPages);
      expect(end).not.toMatch(/^(timeout|aborted|the foreign error .*)$/s);
    });
  });
}
