import { path } from '@patchbay/core';
import type { OptionSource } from '@patchbay/core/host';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { givenRepository, pageOfChoices } from './page-of-choices.ts';

const answer = z.array(z.object({ name: z.string(), protected: z.boolean().optional() }));

/** The branches of a repository. */
export const branches: OptionSource = {
  title: 'Branches',
  needs: ['owner', 'repo'],
  resources: namedByInput,
  scopes: [repoScope('list branches')],
  list(call) {
    const { owner, repo } = givenRepository(call);
    return pageOfChoices({
      http: call.http,
      at: path`/repos/${owner}/${repo}/branches`,
      cursor: call.cursor,
      response: answer,
      items: (all) => all,
      show: ({ name, protected: isProtected }) => [
        { value: name, label: name, ...(isProtected === true ? { description: 'Protected' } : {}) },
      ],
    });
  },
};
