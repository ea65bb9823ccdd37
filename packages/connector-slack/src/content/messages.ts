import { type ConnectorHttp, type Json, path } from '@patchbay/core';
import type { ContentDocument, ContentSource } from '@patchbay/core/host';
import { z } from 'zod';
import { plainWords } from '../formats/plain-words.ts';
import { cursorFields, messageSchema } from '../slack-schemas.ts';

/** Where the reading stands: how far each channel was read, and in the middle of which it is. */
const stateSchema = z.object({
  /** The last message that was read, by channel. */
  since: z.record(z.string(), z.string()).default({}),
  /** Where the workspace is, as Slack says it. */
  home: z.string().optional(),
  at: z.object({ channel: z.string(), page: z.string().optional(), newest: z.string().optional() }).optional(),
});

type State = z.output<typeof stateSchema>;

const page = z.object({ messages: z.array(messageSchema), ...cursorFields });

type Message = z.output<typeof messageSchema>;

// Nobody wrote these.
const noWords: ReadonlySet<string | undefined> = new Set([
  'channel_join',
  'channel_leave',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'channel_archive',
]);

const day = 86_400_000;
const longestTitle = 80;

/**
 * The messages of channels that are named, without the replies in threads. Slack tells of new messages by their time alone: what was edited later is taken in
 * when all is read again, once a day.
 */
export const messages: ContentSource = {
  title: 'Messages',
  description: 'Messages of the channels that are named, without the replies in threads.',
  scopes: [{ scope: 'channels:history', reason: 'To read the messages of public channels (groups:history for private ones).' }],
  resource: 'channel',
  needsContainers: true,
  intervalMs: 300_000,
  rereadMs: day,
  deletedBy: { 'message.deleted': deletedIn },
  async read({ http, cursor, containers }) {
    const state = stateSchema.catch({ since: {} }).parse(cursor ?? {});
    const home = state.home ?? (await http.get(path`/auth.test`, { response: z.object({ url: z.string() }) })).url;
    const at = state.at !== undefined && containers.includes(state.at.channel) ? state.at : { channel: containers[0] ?? '' };
    if (at.channel === '') return { documents: [], cursor };
    const read = await readPage(http, at, state.since[at.channel]);
    const documents = read.messages.filter(hasWords).map((message) => documentOf(message, { channel: at.channel, home }));
    const next = advance({ ...state, home, at }, containers, read);
    return { documents, cursor: next, more: next['at'] !== undefined };
  },
};

function readPage(http: ConnectorHttp, { channel, page: cursor }: NonNullable<State['at']>, oldest: string | undefined) {
  const query = { channel, limit: 200, ...(oldest === undefined ? {} : { oldest }), ...(cursor === undefined ? {} : { cursor }) };
  return http.get(path`/conversations.history`, { query, response: page });
}

/** Where the next read begins. A channel is read to its end before what was read of it is remembered: Slack gives the newest first. */
function advance(
  { since, home, at = { channel: '' } }: State,
  containers: readonly string[],
  read: z.output<typeof page>,
): Record<string, Json> {
  const { channel } = at;
  const newest = at.newest ?? read.messages[0]?.ts;
  const known = Object.fromEntries(Object.entries(since).filter(([name]) => containers.includes(name)));
  const kept = home === undefined ? {} : { home };
  const cursor = read.response_metadata?.next_cursor;
  if (cursor) return { ...kept, since: known, at: { channel, page: cursor, ...(newest === undefined ? {} : { newest }) } };
  const done = newest === undefined ? known : { ...known, [channel]: newest };
  const following = containers[containers.indexOf(channel) + 1];
  return { ...kept, since: done, ...(following === undefined ? {} : { at: { channel: following } }) };
}

const hasWords = ({ text = '', subtype }: Message): boolean => text.trim() !== '' && !noWords.has(subtype);

function documentOf(
  { ts, text = '', user, bot_id: bot, edited }: Message,
  { channel, home }: { readonly channel: string; readonly home: string },
): ContentDocument {
  const words = plainWords(text);
  const author = user ?? bot;
  return {
    id: `${channel}/${ts}`,
    kind: 'message',
    title: words.split('\n', 1)[0]?.slice(0, longestTitle).toWellFormed() || words.slice(0, longestTitle).toWellFormed(),
    text: words,
    url: `${home.replace(/\/$/, '')}/archives/${channel}/p${ts.replace('.', '')}`,
    updatedAt: Math.round(Number(edited?.ts ?? ts) * 1_000),
    container: channel,
    ...(author === undefined ? {} : { author }),
  };
}

const deletion = z.object({ event: z.object({ channel: z.string(), deleted_ts: z.string() }) });

function deletedIn(data: Json): readonly string[] {
  const { event } = deletion.safeParse(data).data ?? {};
  return event === undefined ? [] : [`${event.channel}/${event.deleted_ts}`];
}
