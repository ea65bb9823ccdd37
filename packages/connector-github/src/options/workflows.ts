import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { givenRepository, pageOfChoices } from './page-of-choices.ts';

const answer = z.object({ workflows: z.array(z.object({ id: z.number(), name: z.string(), path: z.string(), state: z.string() })) });

/** The workflows of a repository that are not turned off, by their numbers. */
export const workflows: OptionSource = {
  title: 'Workflows',
  needs: ['owner', 'repo'],
  resources: namedByInput,
  scopes: [repoScope('list workflows')],
  list(call) {
    const { owner, repo } = givenRepository(call);
    return pageOfChoices({
      http: call.http,
      at: path`/repos/${owner}/${repo}/actions/workflows`,
      cursor: call.cursor,
      response: answer,
      items: ({ workflows: all }) => all,
      show: ({ id, name, path: file, state }) => (state === 'active' ? [{ value: id, label: name, description: file }] : []),
    });
  },
};
