import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { givenRepository, pageOfChoices } from './page-of-choices.ts';

const answer = z.array(z.object({ name: z.string(), description: z.string().nullish() }));

/** The labels of a repository. */
export const labels: OptionSource = {
  title: 'Labels',
  needs: ['owner', 'repo'],
  resources: namedByInput,
  scopes: [repoScope('list labels')],
  list(call) {
    const { owner, repo } = givenRepository(call);
    return pageOfChoices({
      http: call.http,
      at: path`/repos/${owner}/${repo}/labels`,
      cursor: call.cursor,
      response: answer,
      items: (all) => all,
      show: ({ name, description }) => [{ value: name, label: name, ...(description ? { description } : {}) }],
    });
  },
};
