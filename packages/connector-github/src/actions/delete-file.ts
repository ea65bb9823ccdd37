import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { branchName, filePath, repositoryInput, sha } from '../github-schemas.ts';

/**
 * Deletes a file. GitHub answers 404 for one that is gone, and for a branch or repository that is not there: the action then looks whether the branch is.
 */
export const deleteFile = defineAction({
  title: 'Delete file',
  description: 'Deletes a file, as one commit. One that is gone already counts as deleted.',
  idempotency: 'idempotent',
  scopes: [repoScope('delete files')],
  resources: namedByInput,
  options: { repo: 'repositories', branch: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    path: filePath,
    message: z.string().min(1).max(10_000).describe('Message of the commit.'),
    sha: sha.describe('Id of the content that is deleted, which get_file gives: with another one there nothing is deleted.'),
    branch: branchName.optional().describe("The repository's own branch unless set."),
  }),
  output: z.object({
    commit: z.string().nullable().describe('Id of the commit; null where the file was gone already.'),
    already_gone: z.boolean(),
  }),
  async run({ input: { owner, repo, path: file, ...json }, http }) {
    const response = z.object({ commit: z.object({ sha: z.string().optional() }) });
    try {
      const { commit } = await http.delete(path`/repos/${owner}/${repo}/contents/${file}`, { json, response });
      return { commit: commit.sha ?? null, already_gone: false };
    } catch (error) {
      if (!isPatchbayError(error) || error.code !== 'provider_not_found') throw error;
      await requireBranch(http, owner, repo, json.branch).catch(() => Promise.reject(error));
      return { commit: null, already_gone: true };
    }
  },
});

async function requireBranch(http: ConnectorHttp, owner: string, repo: string, branch: string | undefined): Promise<void> {
  const at = branch === undefined ? path`/repos/${owner}/${repo}` : path`/repos/${owner}/${repo}/git/ref/${`heads/${branch}`}`;
  await http.get(at, { response: z.unknown() });
}
