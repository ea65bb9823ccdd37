import { createHash } from 'node:crypto';
import { type ConnectorHttp, isPatchbayError, path } from '@patchbay/core';
import { z } from 'zod';

/** A file as GitHub answers. A folder is a list. `content` is left out of what is larger than 1 MB: the encoding is then `none`. */
const contentAnswer = z.union([
  z.object({
    type: z.string(),
    path: z.string(),
    sha: z.string(),
    size: z.number(),
    encoding: z.string().optional(),
    content: z.string().optional(),
    html_url: z.string().nullish(),
  }),
  z.array(z.unknown()),
]);

/** A file in a repository. */
export interface FilePlace {
  readonly owner: string;
  readonly repo: string;
  readonly path: string;
  /** Branch, tag or commit. @default the repository's own branch */
  readonly ref?: string | undefined;
}

/** What stands at a place. Throws `provider_not_found`. */
export function readContent(http: ConnectorHttp, { owner, repo, path: file, ref }: FilePlace): Promise<z.output<typeof contentAnswer>> {
  return http.get(path`/repos/${owner}/${repo}/contents/${file}`, { query: { ref }, response: contentAnswer });
}

/** Id of the file that is there; undefined where there is none. */
export async function blobAt(http: ConnectorHttp, place: FilePlace): Promise<string | undefined> {
  try {
    const found = await readContent(http, place);
    return 'sha' in found ? found.sha : undefined;
  } catch (error) {
    if (isPatchbayError(error) && error.code === 'provider_not_found') return undefined;
    throw error;
  }
}

/** The id that git gives this content: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobOf(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
