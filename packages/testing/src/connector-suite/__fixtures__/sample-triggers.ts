import { defineTrigger, type Json, path, timestampedHmacSha256, type WebhookDeclaration } from '@patchbay/core';
import { z } from 'zod';
import type { Has } from './sample-defects.ts';

const thing = z.object({ id: z.number(), name: z.string() });
const payload = z.object({ id: z.string(), name: z.string(), owner: z.string().optional() });

const names = { header: 'x-signature', timestampHeader: 'x-time', version: 'v1' };

/** How the sample's service signs. */
export const scheme = timestampedHmacSha256(names);

/** Told by webhook. */
export const thingCreated = (has: Has) =>
  defineTrigger({
    title: 'Thing created',
    description: 'A thing was created.',
    kind: 'created',
    delivery: 'webhook',
    resources: { thing: [{ fields: [has('reads_a_resource_elsewhere') ? 'owner' : 'id'] }] },
    payload: has('shuts_its_payload') ? payload.strict() : payload.loose(),
  });

/** Asked for. */
export const thingSeen = (has: Has) =>
  defineTrigger({
    title: 'Thing seen',
    description: 'A thing is there that was not there before.',
    kind: 'created',
    delivery: 'polling',
    resources: { thing: [{ fields: ['id'] }] },
    payload: z.object({ id: z.number(), name: z.string() }),
    polling: {
      intervalMs: 60_000,
      async poll({ cursor, http }) {
        const after = typeof cursor === 'number' && !has('forgets_the_cursor') ? cursor : 0;
        const things = (await http.get(path`/things`, { response: z.array(thing) })).filter(({ id }) => id > after);
        const events = things.map(({ id, name }) => ({ id: String(id), data: { id, name } }));
        return { events, cursor: things.at(-1)?.id ?? after, more: has('looks_without_end') };
      },
    },
  });

/** How deliveries become events. */
export function sampleWebhook(has: Has): WebhookDeclaration<'thing.created'> {
  const kept: Json[] = [];
  return {
    scheme: has('leaves_no_room_for_clocks') ? timestampedHmacSha256({ ...names, toleranceSeconds: 5 }) : scheme,
    deliveryId: has('reads_the_id_elsewhere') ? 'x-delivery' : { bodyField: 'id' },
    toEvents({ body }) {
      // A defect that the types forbid, as an author without types would make it.
      const trigger = has('emits_what_it_does_not_declare') ? JSON.parse('"thing.made"') : 'thing.created';
      kept.push(body);
      return (has('emits_again_what_it_kept') ? kept : [body]).map((data) => ({ trigger, data }));
    },
  };
}
