import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { interaction } from '../formats/event-payload.ts';
import { reachesAny } from '../slack-resources.ts';

/** `slack.view.submitted`: the interaction `view_submission`. It is answered empty, which closes the modal. */
export const viewSubmitted = defineTrigger({
  title: 'View submitted',
  description: 'Someone submitted a modal of the app.',
  kind: 'custom',
  delivery: 'webhook',
  class: 'content',
  // What was written into it may be of any channel.
  resources: reachesAny,
  payload: z.object({
    type: z.literal('view_submission'),
    ...interaction,
    view: z.object({
      id: z.string(),
      callback_id: z.string().optional(),
      private_metadata: z.string().optional(),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }).optional(),
    }),
  }),
});
