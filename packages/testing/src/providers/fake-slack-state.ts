/** A message of the stand-in. */
export interface FakeSlackMessage {
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: unknown;
  readonly thread_ts: string | undefined;
  metadata: unknown;
  readonly reactions: string[];
  readonly byApp: boolean;
}

/** A channel of the stand-in. */
export interface FakeSlackChannel {
  readonly id: string;
  name: string;
  readonly is_private: boolean;
  is_archived: boolean;
  readonly creator: string;
  readonly created: number;
  readonly members: string[];
  topic: string;
  purpose: string;
}

/** A person of the stand-in. */
export interface FakeSlackUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly is_bot: boolean;
  status: Readonly<Record<string, unknown>>;
}

/** A file of the stand-in. */
export interface FakeSlackFile {
  readonly id: string;
  readonly name: string;
  title: string;
  channel: string | undefined;
  /** How many came; 0 until they have. */
  bytes: number;
  /** They came with a token, which they need not. */
  withToken: boolean;
  shared: boolean;
}

/** All that the stand-in keeps. Ids count up from 1, each kind for itself. */
export interface FakeSlackState {
  readonly channels: Map<string, FakeSlackChannel>;
  readonly users: Map<string, FakeSlackUser>;
  readonly messages: FakeSlackMessage[];
  readonly ephemeral: unknown[];
  readonly scheduled: Map<string, unknown>;
  readonly conversations: Map<string, string>;
  readonly files: Map<string, FakeSlackFile>;
  readonly pins: Set<string>;
  readonly bookmarks: unknown[];
  readonly views: Map<string, unknown>;
  readonly usergroups: Map<string, { id: string; name: string; handle: string; users: string[] }>;
  readonly now: () => number;
  last: number;
}

/** The app's own account, as which everything is done. */
export const appUser = 'U00000001';

const idOf = (letter: string, number: number): string => `${letter}${String(number).padStart(8, '0')}`;

/** The next id of a kind, by how many there are. */
export const nextId = (letter: string, kept: { readonly size: number } | readonly unknown[]): string =>
  idOf(letter, ('size' in kept ? kept.size : kept.length) + 1);

/** A workspace with these channels, which the app is in, three people and a user group. */
export function makeSlackState(names: readonly string[], now: () => number): FakeSlackState {
  const state: FakeSlackState = {
    channels: new Map(),
    users: new Map(),
    messages: [],
    ephemeral: [],
    scheduled: new Map(),
    conversations: new Map(),
    files: new Map(),
    pins: new Set(),
    bookmarks: [],
    views: new Map(),
    usergroups: new Map([['S00000001', { id: 'S00000001', name: 'On call', handle: 'on-call', users: ['U00000002'] }]]),
    now,
    last: 0,
  };
  for (const [index, name] of ['patchbay', 'ada', 'grace', 'edsger'].entries()) {
    const id = idOf('U', index + 1);
    state.users.set(id, { id, name, email: `${name}@acme.example`, is_bot: index === 0, status: {} });
  }
  for (const name of names) addChannel(state, { name, members: [appUser] });
  return state;
}

/** Adds a channel that a person made, unless its creator is named. */
export function addChannel(
  { channels, now }: FakeSlackState,
  given: Pick<FakeSlackChannel, 'name' | 'members'> & Partial<FakeSlackChannel>,
): FakeSlackChannel {
  const id = nextId('C', channels);
  const created = Math.floor(now() / 1_000);
  const rest = { is_private: false, is_archived: false, creator: 'U00000002', topic: '', purpose: '' };
  const channel: FakeSlackChannel = { ...rest, id, created, ...given };
  channels.set(id, channel);
  return channel;
}

/** Adds a message. */
export function addMessage(
  state: FakeSlackState,
  { channel, text, blocks, thread_ts, metadata, byApp }: Partial<FakeSlackMessage> & { channel: string; text: string; byApp: boolean },
): FakeSlackMessage {
  // Timestamps are ids: two messages of one microsecond get different ones.
  state.last = Math.max(state.last + 1, Math.round(state.now() * 1000));
  const ts = `${Math.floor(state.last / 1_000_000)}.${String(state.last % 1_000_000).padStart(6, '0')}`;
  const message: FakeSlackMessage = { channel, ts, text, blocks, thread_ts, metadata, reactions: [], byApp };
  state.messages.push(message);
  return message;
}

/** What it keeps as plain data, without the counter that every message moves. */
export function showSlackState({ now: _now, last: _last, ...kept }: FakeSlackState): unknown {
  const plain = (value: unknown): unknown => (value instanceof Map ? [...value] : value instanceof Set ? [...value] : value);
  return structuredClone(Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, plain(value)])));
}
