import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { branchName, repositoryInput, sha } from '../github-schemas.ts';

const reference = z.object({ object: z.object({ sha: z.string() }) });

/**
 * Makes a branch. Its name is there once: GitHub answers 422 for one that is there, the action looks, and one at the wanted commit counts as made. So a
 * repeat does no harm.
 */
export const createBranch = defineAction({
  title: 'Create branch',
  description: 'Makes a branch at a commit. One that is there already at that very commit counts as made.',
  idempotency: 'idempotent',
  scopes: [repoScope('make branches')],
  resources: namedByInput,
  options: { repo: 'repositories' },
  input: z.strictObject({
    ...repositoryInput,
    branch: branchName.describe('Name of the new branch.'),
    sha: sha.describe('The commit that it begins at: of a push, or of get_pull_request.'),
  }),
  output: z.object({ branch: z.string(), sha: z.string(), already_there: z.boolean() }),
  async run({ input: { owner, repo, branch, sha: wanted }, http }) {
    try {
      const json = { ref: `refs/heads/${branch}`, sha: wanted };
      const made = await http.post(path`/repos/${owner}/${repo}/git/refs`, { json, response: reference });
      return { branch, sha: made.object.sha, already_there: false };
    } catch (error) {
      if (!isPatchbayError(error) || error.details['status'] !== 422) throw error;
      if ((await commitAt(http, { owner, repo, branch })) !== wanted) throw error;
      return { branch, sha: wanted, already_there: true };
    }
  },
});

/** The commit at a branch; undefined where there is no such branch. */
async function commitAt(
  http: ConnectorHttp,
  { owner, repo, branch }: { readonly owner: string; readonly repo: string; readonly branch: string },
): Promise<string | undefined> {
  try {
    const found = await http.get(path`/repos/${owner}/${repo}/git/ref/${`heads/${branch}`}`, { response: reference });
    return found.object.sha;
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'provider_not_found') return undefined;
    throw error;
  }
}
