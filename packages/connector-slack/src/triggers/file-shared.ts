import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';

/** `slack.file.shared`: the event `file_shared`. */
export const fileShared = defineTrigger({
  title: 'File shared',
  description: 'A file was shared. What it is, api_read tells with files.info.',
  kind: 'created',
  delivery: 'webhook',
  class: 'content',
  resources: { channel: [{ fields: ['event.channel_id'] }] },
  payload: eventPayload({
    type: z.literal('file_shared'),
    file_id: z.string(),
    user_id: z.string().optional(),
    channel_id: z.string().optional(),
  }),
});
