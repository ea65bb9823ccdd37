import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.release.published`: the delivery `release` with the action `published`. */
export const releasePublished = defineTrigger({
  title: 'Release published',
  description: 'A release was published. release.prerelease tells whether it is one of those.',
  kind: 'created',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('published'),
    release: z.object({
      id: z.number(),
      tag_name: z.string(),
      name: z.string().nullable(),
      body: z.string().nullable(),
      html_url: z.string(),
      draft: z.boolean(),
      prerelease: z.boolean(),
      published_at: z.string().nullable(),
    }),
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
