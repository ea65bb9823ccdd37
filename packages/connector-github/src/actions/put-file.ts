import { type ConnectorHttp, defineAction, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { branchName, filePath, repositoryInput, sha } from '../github-schemas.ts';
import { blobAt, blobOf, type FilePlace } from './read-content.ts';

const person = z.strictObject({ name: z.string().min(1).max(200), email: z.email().max(200) });
const answer = z.object({
  content: z.object({ sha: z.string(), html_url: z.string().nullish() }).nullish(),
  commit: z.object({ sha: z.string().optional() }),
});

/**
 * Writes a file. GitHub refuses to write over what it was not told to (409, 422): the action then looks, and the content that was wanted counts as written.
 * So a repeat makes no second commit.
 */
export const putFile = defineAction({
  title: 'Put file',
  description:
    'Makes a file or writes a new content into it, as one commit. Without sha and overwrite it must not be there yet. Below .github/workflows a token needs the scope workflow.',
  idempotency: 'idempotent',
  scopes: [repoScope('write files')],
  resources: namedByInput,
  options: { repo: 'repositories', branch: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    path: filePath,
    message: z.string().min(1).max(10_000).describe('Message of the commit.'),
    content: z.string().max(8_000_000),
    encoding: z.enum(['utf8', 'base64']).optional().describe('How content is written. utf8 unless set.'),
    branch: branchName.optional().describe("The repository's own branch unless set."),
    sha: sha.optional().describe('Id of the content that is replaced: with another one there nothing is written.'),
    overwrite: z.boolean().optional().describe('Replaces whatever is there. false unless set.'),
    committer: person.optional(),
    author: person.optional(),
  }),
  output: z.object({
    sha: z.string().describe('Id of the content.'),
    commit: z.string().nullable().describe('Id of the commit; null where the content was there already.'),
    url: z.string().nullable(),
    unchanged: z.boolean(),
  }),
  async run({ input, http }) {
    const { owner, repo, path: file, encoding = 'utf8', overwrite = false, content, sha: given, ...fields } = input;
    const place: FilePlace = { owner, repo, path: file, ref: fields.branch };
    const bytes = Buffer.from(content, encoding);
    const wanted = blobOf(bytes);
    const same = { sha: wanted, commit: null, url: null, unchanged: true };
    // What is there already needs no commit, and GitHub would make an empty one.
    const found = overwrite || given === wanted ? await blobAt(http, place) : undefined;
    if (found === wanted) return same;
    const replaced = overwrite ? found : given;
    const json = { ...fields, content: bytes.toString('base64'), ...(replaced === undefined ? {} : { sha: replaced }) };
    try {
      return shown(wanted, await http.put(path`/repos/${owner}/${repo}/contents/${file}`, { json, response: answer }));
    } catch (error) {
      if (isRefusedOver(error) && (await isThere(http, place, wanted))) return same;
      throw error;
    }
  },
});

const isRefusedOver = (error: unknown): boolean =>
  isPatchbayError(error) && (error.details['status'] === 409 || error.details['status'] === 422);

const isThere = async (http: ConnectorHttp, place: FilePlace, wanted: string): Promise<boolean> => (await blobAt(http, place)) === wanted;

const shown = (wanted: string, { content, commit }: z.output<typeof answer>) => ({
  sha: content?.sha ?? wanted,
  commit: commit.sha ?? null,
  url: content?.html_url ?? null,
  unchanged: false,
});
