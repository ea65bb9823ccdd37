import { defineTrigger } from '@patchbay/core';
import { z } from 'zod';
import { namedByDelivery } from '../github-resources.ts';
import { payloadParts } from '../github-schemas.ts';

/** `github.comment.created`: the delivery `issue_comment` with the action `created`, which pull requests send too. */
export const commentCreated = defineTrigger({
  title: 'Comment created',
  description: 'A comment was added to an issue or to the conversation of a pull request. issue.pull_request is there for the latter.',
  kind: 'commented',
  delivery: 'webhook',
  class: 'content',
  resources: namedByDelivery,
  payload: z.object({
    action: z.literal('created'),
    comment: payloadParts.comment,
    issue: payloadParts.issue,
    repository: payloadParts.repository,
    sender: payloadParts.sender,
  }),
});
