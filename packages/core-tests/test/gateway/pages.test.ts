import { type ConnectorHttp, path } from '@patchbay/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { callInAction } from './call-in-action.ts';
import { type DepotStage, depotStage } from './depot-stage.ts';

let stage: DepotStage;

beforeEach(async () => {
  stage = await depotStage();
});
afterEach(() => stage.close());

const page = z.object({ results: z.array(z.number()), next: z.string().nullish() });
const found = z.object({ from: z.string().optional() });

/** A search of pages, as Notion's and Jira's are: the cursor goes into the body. */
const search = (http: ConnectorHttp, most = 100) =>
  http.pages(path`/search`, {
    method: 'POST',
    json: { filter: 'open' },
    query: { lang: 'en' },
    response: page,
    items: ({ results }) => results,
    paging: { by: 'cursor', parameter: 'from', cursor: ({ next }) => next },
    maximumPages: most,
  });

const three = (): void =>
  stage.answer(({ body }) => {
    const at = Number(found.parse(JSON.parse(body)).from ?? 1);
    return { json: { results: [at], ...(at < 3 ? { next: String(at + 1) } : {}) } };
  });

it('pages are posted as reads, whose cursor goes into the body', async () => {
  three();
  const items = await callInAction(
    stage,
    async ({ http }) => {
      const items: number[] = [];
      for await (const item of search(http)) items.push(item);
      // The key of the action is still there for what writes.
      await http.post(path`/search`, { json: {}, response: page });
      return items;
    },
    { idempotency: 'unsafe' },
  );
  expect(items).toEqual([1, 2, 3]);
  expect(stage.provider.requests.slice(0, 3).map(({ path: target, body }) => [target, JSON.parse(body)])).toEqual([
    ['/v1/search?lang=en', { filter: 'open' }],
    ['/v1/search?lang=en', { filter: 'open', from: '2' }],
    ['/v1/search?lang=en', { filter: 'open', from: '3' }],
  ]);
});

it('a page is asked for when its first item is wanted, and none after the reader has gone', async () => {
  three();
  await callInAction(stage, async ({ http }) => {
    const items = search(http)[Symbol.asyncIterator]();
    expect(stage.provider.requests).toHaveLength(0);
    await items.next();
    expect(stage.provider.requests).toHaveLength(1);
    await items.next();
    await items.return?.();
    expect(await items.next()).toMatchObject({ done: true });
  });
  expect(stage.provider.requests).toHaveLength(2);
});

it('no page is asked for when the time of the call is over', async () => {
  three();
  const { acme, clock, test } = await stage.hub({
    timeoutMs: 10_000,
    run: async ({ http }) => {
      for await (const _item of search(http)) await clock.advance(10_000);
      return null;
    },
  });
  const { dispatchId } = await acme.actions.execute('depot.read', { connection: 'main', input: {} });
  await test.hub.work();
  expect((await acme.dispatches.get(dispatchId)).error).toMatchObject({ code: 'timeout' });
  expect(stage.provider.requests).toHaveLength(1);
});

it('a page that is refused ends the listing with its error', async () => {
  three();
  const seen: number[] = [];
  const listing = callInAction(stage, async ({ http }) => {
    for await (const item of search(http)) {
      seen.push(item);
      stage.provider.failNext(1, { kind: 'answer', status: 429 });
    }
  });
  await expect(listing).rejects.toMatchObject({ code: 'rate_limited' });
  expect(seen).toEqual([1]);
});
