import { isUtf8 } from 'node:buffer';
import { defineAction, PatchbayError } from '@patchbay/core';
import { z } from 'zod';
import { repoScope } from '../github-auth.ts';
import { namedByInput } from '../github-resources.ts';
import { filePath, gitReference, repositoryInput } from '../github-schemas.ts';
import { readContent } from './read-content.ts';

/** Reads a file. */
export const getFile = defineAction({
  title: 'Get file',
  description: 'Reads a file of at most 1 MB, as text where it is UTF-8 and in Base64 where it is not.',
  idempotency: 'read',
  scopes: [repoScope('read files')],
  resources: namedByInput,
  options: { repo: 'repositories', ref: 'branches' },
  input: z.strictObject({
    ...repositoryInput,
    path: filePath,
    ref: gitReference.optional().describe("Branch, tag or commit. The repository's own branch unless set."),
  }),
  output: z.object({
    path: z.string(),
    sha: z.string().describe('Id of the content, which put_file and delete_file take.'),
    size: z.number().describe('Bytes.'),
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
    url: z.string().nullable(),
  }),
  async run({ input, http }) {
    const found = await readContent(http, input);
    if (!('sha' in found) || found.type !== 'file') throw refused('is a folder, a link or another repository, and no file');
    if (found.encoding !== 'base64' || found.content === undefined) throw refused('is larger than 1 MB, and GitHub gives no content of it');
    const bytes = Buffer.from(found.content, 'base64');
    const isText = isUtf8(bytes) && !bytes.includes(0);
    const { path, sha, size, html_url: url = null } = found;
    const encoding: 'utf8' | 'base64' = isText ? 'utf8' : 'base64';
    return { path, sha, size, url, encoding, content: bytes.toString(encoding) };
  },
});

function refused(what: string): PatchbayError {
  return new PatchbayError({ code: 'provider_rejected', message: `What stands at the path ${what}. Name another path.`, sent: 'no' });
}
