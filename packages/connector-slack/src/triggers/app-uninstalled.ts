import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { eventPayload } from '../formats/event-payload.ts';
import { untouched } from '../slack-resources.ts';

/** `slack.app.uninstalled`: the event `app_uninstalled`. */
export const appUninstalled = defineTrigger({
  title: 'App uninstalled',
  description: 'The app was taken out of the workspace: its tokens are good for nothing any more.',
  kind: 'deleted',
  delivery: 'webhook',
  class: 'security',
  severity: 'warning',
  resources: untouched,
  payload: eventPayload({
    type: z.literal('app_uninstalled'),
  }),
});
