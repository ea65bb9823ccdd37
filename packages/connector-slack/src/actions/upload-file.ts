import { type ConnectorHttp, defineAction, type IdempotencyKey, PatchbayError, path } from '@patchbay/core';
import { givenUrl } from '@patchbay/core/connector-kit';
import { z } from 'zod';
import { quietText } from '../formats/block-kit.ts';
import { namedByInput } from '../slack-resources.ts';
import { channelId, timestamp } from '../slack-schemas.ts';
import { given } from './read-listing.ts';

/** Name of the host that takes bytes, among the connector's. */
export const fileHost = 'files';

const placeSchema = z.object({ upload_url: z.string(), file_id: z.string() });
const fileSchema = z.object({ id: z.string(), title: z.string().optional() });

const input = z
  .strictObject({
    filename: z.string().min(1).max(255),
    text: z.string().min(1).max(5_000_000).optional().describe('The content, where it is text.'),
    base64: z.base64().min(4).max(7_000_000).optional().describe('The content in base64, where it is something else.'),
    title: z.string().min(1).max(255).optional(),
    channel: channelId.optional().describe('Where it is shared; without it the file stays private.'),
    thread_ts: timestamp.optional().describe('With channel: shares it in the thread of this message.'),
    initial_comment: z.string().min(1).max(4_000).optional().describe('Text that introduces it.'),
    alt_txt: z.string().min(1).max(1_000).optional().describe('What an image shows, for screen readers.'),
    snippet_type: z.string().min(1).max(100).optional().describe('Language of a snippet, such as python.'),
  })
  .refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined), { error: 'a file has either text or base64' })
  .refine(({ channel, thread_ts: thread }) => channel !== undefined || thread === undefined, { error: 'a thread is in a channel' });

/**
 * Uploads in three steps: Slack gives an address, takes the bytes there, and shares the file. An upload that was not completed is shown to nobody. Slack
 * keeps no mark of ours with a file, so a lost answer to the last step cannot be looked up.
 */
export const uploadFile = defineAction({
  title: 'Upload file',
  description: 'Uploads a file, and shares it in a channel where one is named.',
  idempotency: 'unsafe',
  timeoutMs: 60_000,
  scopes: [{ scope: 'files:write', reason: 'To upload files.' }],
  resources: namedByInput,
  options: { channel: 'channels' },
  input,
  output: z.object({ file: fileSchema }),
  async run({ input: file, http, key }) {
    const bytes = Buffer.from(file.text ?? file.base64 ?? '', file.text === undefined ? 'base64' : 'utf8');
    const { filename, alt_txt: alternative, snippet_type: snippet } = file;
    const place = await http.post(path`/files.getUploadURLExternal`, {
      form: given({ filename, length: bytes.byteLength, alt_txt: alternative, snippet_type: snippet }),
      key: key.child('address'),
      response: placeSchema,
    });
    await http.bytes(givenUrl(fileHost, place.upload_url), { method: 'POST', bytes, key: key.child('bytes') });
    return { file: await complete(file, { id: place.file_id, http, key }) };
  },
});

interface Completion {
  readonly id: string;
  readonly http: ConnectorHttp;
  readonly key: IdempotencyKey;
}

async function complete(file: z.output<typeof input>, { id, http, key }: Completion): Promise<z.output<typeof fileSchema>> {
  const { title, filename, channel, thread_ts: thread, initial_comment: comment } = file;
  const json = {
    files: [{ id, title: title ?? filename }],
    ...(channel === undefined ? {} : { channel_id: channel }),
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(comment === undefined ? {} : { initial_comment: quietText(comment) }),
  };
  const response = z.object({ files: z.array(fileSchema) });
  const [done] = (await http.post(path`/files.completeUploadExternal`, { json, key, response })).files;
  if (done) return done;
  throw new PatchbayError({ code: 'response_invalid', message: 'Slack completed the upload and named no file. Look whether it is there.' });
}
