import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { givenRepository, pageOfChoices } from './page-of-choices.ts';

const answer = z.array(z.object({ login: z.string() }));

/** The people whom issues of a repository can be assigned to. */
export const assignees: OptionSource = {
  title: 'People',
  needs: ['owner', 'repo'],
  resources: namedByInput,
  scopes: [repoScope('list people')],
  list(call) {
    const { owner, repo } = givenRepository(call);
    return pageOfChoices({
      http: call.http,
      at: path`/repos/${owner}/${repo}/assignees`,
      cursor: call.cursor,
      response: answer,
      items: (all) => all,
      show: ({ login }) => [{ value: login, label: login }],
    });
  },
};
