import type { Storage } from '@patchbay/core/adapter';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStage, endpointStage, type OrderProcess, waived } from './endpoint-stage.ts';
import { echoing } from './receiver.ts';

let stage: EndpointStage;
let office: OrderProcess;
/** The part of the store that is away, while it takes configuration. */
let away: 'gates' | 'history' | null;

beforeEach(async () => {
  stage = await endpointStage();
  away = null;
  office = stage.process({ storage: halfStorage(stage.storage) });
});
afterEach(() => stage.close());

function halfStorage(storage: Storage<never>): Storage<never> {
  const { gates, history } = storage;
  const unlessAway = <Result>(part: typeof away, call: () => Promise<Result>): Promise<Result> =>
    away === part ? Promise.reject(new Error('The store is away.')) : call();
  return {
    ...storage,
    gates: { ...gates, open: (items) => unlessAway('gates', () => gates.open(items)) },
    history: { ...history, dispatches: (...query) => unlessAway('history', () => history.dispatches(...query)) },
  };
}

const place = (number = 'A-1') => office.acme.events.publish('order.placed', { number });
const numbers = () => stage.receiver.requests.map(({ body }) => JSON.parse(body).data.number).filter((number) => number !== undefined);

async function without(part: typeof away, call: () => Promise<unknown>): Promise<void> {
  away = part;
  await expect(call()).rejects.toThrow();
  away = null;
}

describe('an endpoint whose lane could not be opened', () => {
  it('after it had answered its challenge gets its deliveries once it is verified again', async () => {
    const { acme } = office;
    stage.receiver.answer = echoing;
    await acme.endpoints.put('shop', { url: `${stage.receiver.url}/hook`, events: ['order.*'] });
    await without('gates', () => acme.endpoints.verify('shop'));
    expect(await acme.endpoints.verify('shop')).toMatchObject({ status: 'active' });
    await place();
    await office.settled();
    expect(numbers()).toEqual(['A-1']);
  });

  it('after it had been put gets its deliveries once it is put again', async () => {
    const { acme } = office;
    await acme.endpoints.put('shop', { ...waived(stage), verification: 'challenge' });
    await without('gates', () => acme.endpoints.put('shop', waived(stage)));
    await acme.endpoints.put('shop', waived(stage));
    await place();
    await office.settled();
    expect(numbers()).toEqual(['A-1']);
  });
});

describe('an endpoint whose deletion was interrupted', () => {
  it('leaves no delivery that waits for ever', async () => {
    const { acme } = office;
    await acme.endpoints.put('shop', waived(stage));
    await place();
    await acme.endpoints.disable('shop');
    await without('history', () => acme.endpoints.delete('shop'));
    await office.settled(3_600_000);
    expect((await acme.dispatches.list()).items).toMatchObject([{ status: 'dead', error: { code: 'cancelled' } }]);
  });
});
