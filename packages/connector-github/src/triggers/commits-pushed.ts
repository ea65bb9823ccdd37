import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';

/** `github.commits.pushed`: the delivery `push`. A branch or tag that is made or deleted is one too, with no commit in it. */
export const commitsPushed = defineTrigger({
  title: 'Commits pushed',
  description: 'Commits were pushed to a branch or tag of a repository.',
  kind: 'updated',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    ref: z.string(),
    after: z.string(),
    repository: z.object({ full_name: z.string() }),
    commits: z.array(z.object({ id: z.string(), message: z.string(), url: z.string() })),
  }),
});
