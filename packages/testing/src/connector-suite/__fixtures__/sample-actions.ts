import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import type { Has } from './sample-defects.ts';
import { keyHeader, token } from './sample-service.ts';

const thing = z.object({ id: z.number(), name: z.string(), ref: z.string().optional() });

export const createThing = (has: Has, origin: string) =>
  defineAction({
    title: 'Create thing',
    description: 'Creates a thing.',
    idempotency: 'reconcilable',
    settlesWithin: 1_000,
    scopes: ['things:write'],
    resources: { thing: 'untouched' },
    input: has('accepts_any_input') ? z.looseObject({ name: z.string() }) : z.strictObject({ name: z.string() }),
    output: z.object({ id: z.number(), said: z.string().optional() }),
    async run({ input, http, key }) {
      // The mistake is the global fetch: a connector has no way out but http.
      if (has('goes_past_the_gateway')) await fetch(`${origin}/me`);
      const json = { name: input.name, ...(has('forgets_the_key') ? {} : { ref: key.value }) };
      const make = () => http.post(path`/things`, { json, response: thing });
      const again = key.child('again');
      const makeAgain = () => http.post(path`/things`, { json: { ...json, ref: again.value }, response: thing, key: again });
      const { id } = await make().catch((error: unknown) => {
        if (has('tries_again_by_itself')) return makeAgain();
        throw error;
      });
      if (has('creates_twice')) await makeAgain();
      if (has('asks_needlessly')) await http.get(path`/things`, { response: z.unknown() });
      // The mistake is that the factory was given the token: the hub takes it out of answers, not out of what is made of it here.
      return has('shows_a_token_of_its_own') ? { id, said: token } : { id };
    },
    async reconcile({ http, key }) {
      if (has('never_finds')) return { answer: 'absent' };
      const things = await http.get(path`/things`, { response: z.array(thing) }).catch((error: unknown) => {
        if (has('takes_failure_for_absence')) return [];
        throw error;
      });
      const found = things.find(({ ref }) => has('finds_anything') || ref === key.value);
      return found ? { answer: 'found', output: { id: found.id } } : { answer: 'absent' };
    },
  });

export const renameThing = (has: Has) =>
  defineAction({
    title: 'Rename thing',
    description: 'Renames a thing.',
    idempotency: 'idempotent',
    resources: { thing: [{ fields: [has('names_a_resource_elsewhere') ? 'name' : 'id'] }] },
    input: z.strictObject({ id: z.number(), name: z.string() }),
    output: z.object({ id: z.number().optional() }),
    async run({ input: { id, name }, http }) {
      if (has('repeats_its_creation') || has('repeats_its_creation_unseen') || has('repeats_and_says_nothing')) {
        const made = await http.post(path`/things`, { json: { name }, response: thing });
        return has('repeats_and_says_nothing') ? {} : { id: made.id };
      }
      await http.put(path`/things/${id}/name`, { json: { name, strict: has('refuses_a_repeat') }, response: z.unknown() });
      return {};
    },
  });

export const orderThing = (has: Has) =>
  defineAction({
    title: 'Order thing',
    description: 'Orders a thing; the service knows an order by its key.',
    idempotency: 'keyed',
    keyLifetime: 86_400_000,
    ...(has('forgets_a_resource') ? {} : { resources: { thing: 'untouched' } }),
    input: z.strictObject({ name: z.string() }),
    output: z.object({ id: z.number() }),
    run: ({ input: json, http, key }) =>
      http.post(path`/orders`, { json, headers: has('sends_no_key') ? {} : { [keyHeader]: key.value }, response: thing }),
  });

const page = z.object({ items: z.array(thing), next: z.number().optional() });

export const listThings = (has: Has) =>
  defineAction({
    title: 'List things',
    description: 'Lists all things.',
    idempotency: 'read',
    paginated: true,
    resources: { thing: 'any' },
    input: z.strictObject({}),
    output: z.object({ names: z.array(z.string()) }),
    async run({ http }) {
      const names: string[] = [];
      if (has('reads_without_end')) {
        for (let next: number | undefined = 1; next !== undefined; ) {
          const read: z.output<typeof page> = await http.get(path`/pages`, { query: { page: next }, response: page });
          names.push(...read.items.map(({ name }) => name));
          next = read.next;
        }
        return { names };
      }
      const things = http.pages(path`/pages`, {
        response: page,
        items: ({ items }) => items,
        next: ({ next }) => (next === undefined ? undefined : { page: next }),
      });
      for await (const { name } of things) names.push(name);
      return { names };
    },
  });
