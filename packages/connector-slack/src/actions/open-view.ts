import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { modalView } from '../formats/block-kit.ts';
import { untouched } from '../slack-resources.ts';

const answer = z.object({ view: z.object({ id: z.string(), hash: z.string().optional() }) });

/** Opens a modal for the person who just did something. A trigger_id is good once, and for three seconds: it leaves no time for a second try. */
export const openView = defineAction({
  title: 'Open view',
  description: 'Opens a modal for the person whose command, shortcut or click gave the trigger_id, within three seconds of it.',
  idempotency: 'unsafe',
  resources: untouched,
  input: z.strictObject({
    trigger_id: z.string().min(1).max(200).describe('event.data.trigger_id of a command, a shortcut or an action.'),
    view: modalView,
  }),
  output: answer,
  run: ({ input, http }) => http.post(path`/views.open`, { json: input, response: answer }),
});
