import { PatchbayError } from '@patchbay/core';
import type { Storage } from '@patchbay/core/adapter';
import { connect, type DeskProcess, type DeskStage, type DeskTenant, deskStage, type ProcessOptions } from '../desk/desk-stage.ts';

/** Orders and a subscriber of theirs that fails as long as it is told to. */
export interface OrderBook {
  readonly stage: DeskStage;
  readonly office: DeskProcess;
  readonly acme: DeskTenant;
  /** Orders by number, with the key of each call. */
  readonly calls: { readonly number: string; readonly key: string; readonly subscriber: string }[];
  isBroken: boolean;
  /** Another process with the same subscribers. */
  process(options?: ProcessOptions & { readonly storage?: Storage<never> }): DeskProcess;
  /** Publishes so many orders one second apart, and has them executed. Answers the events' ids in order. */
  place(count: number): Promise<readonly string[]>;
  /** Numbers of the replays of each event at this target, in order. */
  replaysOf(eventId: string): Promise<readonly number[]>;
}

const refusal = () => new PatchbayError({ code: 'invalid_input', message: 'The index refuses it. Mend it.' });

/** Makes one, with a tenant that has both connections. */
export async function orderBook(subscribers: readonly string[] = ['index']): Promise<OrderBook> {
  const stage = deskStage();
  const calls: OrderBook['calls'] = [];
  let placed = 0;
  const process = (options: ProcessOptions = {}): DeskProcess => {
    const made = stage.process(options);
    for (const subscriber of subscribers)
      made.hub.subscribe('order.*', { name: subscriber }, ({ data }, { key }) => {
        calls.push({ number: String(Object(data)['number']), key, subscriber });
        if (book.isBroken) throw refusal();
        return null;
      });
    return made;
  };
  const office = process();
  const acme = office.hub.tenant('acme');
  const book: OrderBook = {
    stage,
    office,
    acme,
    calls,
    isBroken: true,
    process,
    async place(count) {
      const ids: string[] = [];
      for (let index = 0; index < count; index += 1) {
        placed += 1;
        ids.push((await acme.events.publish('order.placed', { number: `A-${placed}` })).eventId);
        await office.settled();
        await stage.clock.advance(1_000);
      }
      return ids;
    },
    async replaysOf(eventId) {
      const { items } = await acme.dispatches.list({ eventId, limit: 500 });
      return items.map(({ replay }) => replay).toSorted((left, right) => left - right);
    },
  };
  await connect(acme);
  return book;
}
