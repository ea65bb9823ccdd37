import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { givenRepository, pageOfChoices } from './page-of-choices.ts';

const answer = z.array(z.object({ number: z.number(), title: z.string(), due_on: z.string().nullish() }));

/** The milestones of a repository that are open, by their numbers. */
export const milestones: OptionSource = {
  title: 'Milestones',
  needs: ['owner', 'repo'],
  resources: namedByInput,
  scopes: [repoScope('list milestones')],
  list(call) {
    const { owner, repo } = givenRepository(call);
    return pageOfChoices({
      http: call.http,
      at: path`/repos/${owner}/${repo}/milestones`,
      cursor: call.cursor,
      response: answer,
      items: (all) => all,
      show: ({ number, title, due_on: due }) => [
        { value: number, label: title, ...(due ? { description: `Due ${due.slice(0, 10)}` } : {}) },
      ],
    });
  },
};
