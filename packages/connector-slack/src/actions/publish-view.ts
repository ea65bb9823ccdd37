import { defineAction, path } from '@patchbay/core';
import { z } from 'zod';
import { homeView } from '../formats/block-kit.ts';
import { untouched } from '../slack-resources.ts';
import { userId } from '../slack-schemas.ts';

const answer = z.object({ view: z.object({ id: z.string(), hash: z.string().optional() }) });

/** Sets what a person sees in the app's Home tab. */
export const publishView = defineAction({
  title: 'Publish view',
  description: "Sets what a person sees in the app's Home tab.",
  idempotency: 'idempotent',
  resources: untouched,
  options: { user_id: 'users' },
  input: z.strictObject({ user_id: userId, view: homeView }),
  output: answer,
  run: ({ input, http }) => http.post(path`/views.publish`, { json: input, response: answer }),
});
