import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { payloadParts } from '../formats/payload-parts.ts';
import { namedByNothing } from '../jira-resources.ts';

/** `jira.version.released`: the webhook event `jira:version_released`. */
export const versionReleased = defineTrigger({
  title: 'Version released',
  description: 'A version of a project, which the payload names by its id, was released.',
  kind: 'status_changed',
  delivery: 'webhook',
  class: 'record',
  resources: namedByNothing,
  payload: z.object({
    timestamp: payloadParts.timestamp,
    webhookEvent: z.literal('jira:version_released'),
    version: z.object({
      id: z.string(),
      name: z.string(),
      released: z.boolean(),
      projectId: z.number(),
      releaseDate: z.string().optional(),
    }),
  }),
});
