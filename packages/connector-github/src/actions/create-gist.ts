import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';

const fileName = z.string().regex(/^(?!\.{1,2}$)[^\p{Cc}/\\]{1,255}$/u);

/** Makes a gist. GitHub takes no key, and nothing in a gist could bear one unseen: so a repeat would make a second one. */
export const createGist = defineAction({
  title: 'Create gist',
  description: 'Makes a gist of one or more files. A GitHub App cannot; a person or their token can.',
  idempotency: 'unsafe',
  scopes: [{ scope: 'gist', reason: 'To make gists. Nothing else needs it.' }],
  resources: { repository: 'untouched' },
  input: z.strictObject({
    description: z.string().max(1_000).optional(),
    files: z
      .record(fileName, z.strictObject({ content: z.string().min(1).max(1_000_000) }))
      .refine((files) => Object.keys(files).length >= 1 && Object.keys(files).length <= 100, 'One file at least, 100 at most.')
      .describe('Contents by the names of the files.'),
    public: z.boolean().optional().describe('false unless set: whoever has its address can read it all the same.'),
  }),
  output: z.object({ id: z.string(), url: z.string() }),
  async run({ input, http }) {
    const response = z.object({ id: z.string(), html_url: z.string() });
    const { id, html_url: url } = await http.post(path`/gists`, { json: input, response });
    return { id, url };
  },
});
