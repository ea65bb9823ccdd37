import type { EvidenceKind, EvidenceNote, EvidenceSubjects } from '../connector/evidence-declaration.ts';
import type { EventRecord } from '../contracts/dispatch-records.ts';
import type { HistoryPage } from '../contracts/history-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { toHubEvent } from '../events/build-event.ts';
import { decodePayload } from '../events/decode-payload.ts';
import { isUuid } from '../id/is-uuid.ts';
import { eventsWithin } from './check-window.ts';
import { evidenceTypes, failureOf, notesOf, readerOf, subjectKinds } from './evidence-of.ts';
import { notFound } from './not-found.ts';
import type { TenantScope } from './tenant-services.ts';

/** How far back evidence is looked for. */
export interface EvidenceOptions {
  /** Milliseconds before the failure, a minute to 30 days. @default 24 hours */
  readonly windowMs?: number;
}

/** One thing that may have brought a failure about. */
export interface Evidence {
  readonly kind: EvidenceKind;
  readonly title: string;
  readonly url: string;
  /** When it happened, milliseconds since 1970. */
  readonly at: number;
  /** The event that told of it, and the connection that it came through. */
  readonly eventId: string;
  readonly connection: string | null;
  readonly connector: string;
  /** What it shares with the failure. */
  readonly shared: EvidenceSubjects;
  /** One sentence. */
  readonly reason: string;
}

/** What may have brought a failure about. */
export interface EvidenceReport {
  /** Whether the event tells of a failure: its connector's word, or its severity. */
  readonly isFailure: boolean;
  readonly subjects: EvidenceSubjects;
  /** Milliseconds since 1970. */
  readonly window: { readonly from: number; readonly to: number };
  /** What shares most with the failure first, and of that the latest; at most 100. */
  readonly evidence: readonly Evidence[];
  /** More events of a kind were in the window than are looked at; the latest were. */
  readonly isCut: boolean;
}

/** What may have brought failures about. */
export interface EvidenceApi {
  /** Commits, pull requests and deployments in the time before an event, with links. Throws `not_found`. */
  forEvent(id: string, options?: EvidenceOptions): Promise<EvidenceReport>;
}

const minute = 60_000;
const day = 86_400_000;

/** Events of one type that are looked at. */
const mostEvents = 1_000;

/** Most that is answered. */
const mostEvidence = 100;

/** Longest title that is shown, characters. */
const longestTitle = 200;

/** How long after it happened an event may have been told of, milliseconds. */
const lateMs = 3_600_000;

/** The evidence part of a tenant's handle. */
export function evidenceApi(scope: TenantScope): EvidenceApi {
  return Object.freeze({ forEvent: (id: string, options: EvidenceOptions = {}) => evidenceFor(scope, id, options) });
}

async function evidenceFor(scope: TenantScope, id: string, { windowMs = day }: EvidenceOptions): Promise<EvidenceReport> {
  await scope.ready();
  const record = isUuid(id) ? await scope.storage.history.event(scope.tenant, id) : null;
  if (!record) throw notFound('event');
  if (!Number.isInteger(windowMs) || windowMs < minute || windowMs > 30 * day)
    throw new PatchbayError({ code: 'invalid_argument', message: 'windowMs is a whole number of milliseconds from a minute to 30 days.' });
  const failure = failureOf(readerOf(scope, record.type), toHubEvent(record, decodePayload(record.data)));
  const window = { from: record.time - windowMs, to: record.time };
  const looks = await Promise.all(evidenceTypes(scope).map((type) => eventsOf(scope, { type, window, storedAt: record.storedAt })));
  const evidence = looks
    .flatMap(({ events }) =>
      events.flatMap((event) => (event.id === id ? [] : evidenceIn(scope, event, { window, subjects: failure.subjects }))),
    )
    .sort(byWeight)
    .slice(0, mostEvidence);
  return { ...failure, window, evidence, isCut: looks.some(({ isCut }) => isCut) };
}

interface Look {
  readonly type: string;
  readonly window: EvidenceReport['window'];
  readonly storedAt: number;
}

/** The latest events of a type that were stored from the window's beginning until the failure was known. */
async function eventsOf(
  scope: TenantScope,
  { type, window, storedAt }: Look,
): Promise<{ readonly events: readonly EventRecord[]; readonly isCut: boolean }> {
  const { tenant, storage } = scope;
  const within = eventsWithin({ from: Math.max(0, window.from), to: Math.max(window.to, storedAt) + lateMs });
  const events: EventRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: HistoryPage<EventRecord> = await storage.history.events(tenant, { type, ...within }, { cursor, limit: 500 });
    events.push(...page.items);
    cursor = page.cursor;
    if (cursor === null || events.length >= mostEvents) return { events: events.slice(0, mostEvents), isCut: cursor !== null };
  }
}

interface Sought {
  readonly window: EvidenceReport['window'];
  readonly subjects: EvidenceSubjects;
}

function evidenceIn(scope: TenantScope, event: EventRecord, { window, subjects }: Sought): readonly Evidence[] {
  const connector = event.type.split('.', 1)[0] ?? '';
  return notesOf(readerOf(scope, event.type), decodePayload(event.data)).flatMap((note): Evidence[] => {
    const at = typeof note.at === 'number' && Number.isFinite(note.at) ? note.at : event.time;
    if (at < window.from || at > window.to || isOfAnother(note.subjects, subjects)) return [];
    const shared = sharedOf(note.subjects, subjects);
    return [
      {
        kind: note.kind,
        title: note.title.slice(0, longestTitle),
        url: note.url,
        at,
        eventId: event.id,
        connection: event.connection,
        connector,
        shared,
        reason: reasonOf(note, { before: window.to - at, shared }),
      },
    ];
  });
}

/** Of another repository or environment than the one that failed, and of nothing else in common. */
function isOfAnother(note: EvidenceSubjects, failed: EvidenceSubjects): boolean {
  const differs = subjectKinds.some((kind) => note[kind] !== undefined && failed[kind] !== undefined && note[kind] !== failed[kind]);
  return differs && Object.keys(sharedOf(note, failed)).length === 0;
}

function sharedOf(note: EvidenceSubjects, failed: EvidenceSubjects): EvidenceSubjects {
  return Object.fromEntries(
    subjectKinds.flatMap((kind) => (note[kind] !== undefined && note[kind] === failed[kind] ? [[kind, note[kind]]] : [])),
  );
}

const verbs: Readonly<Record<EvidenceKind, string>> = { commit: 'Pushed', pull_request: 'Merged', deployment: 'Deployed' };

function reasonOf({ kind }: EvidenceNote, { before, shared }: { readonly before: number; readonly shared: EvidenceSubjects }): string {
  const same = subjectKinds.flatMap((subject) => (shared[subject] === undefined ? [] : [`the same ${subject} ${shared[subject]}`]));
  const minutes = Math.floor(before / minute);
  const time = minutes < 120 ? `${minutes} minutes` : `${Math.floor(minutes / 60)} hours`;
  return `${verbs[kind] ?? 'Happened'} ${time} before${same.length === 0 ? '' : `, in ${same.join(' and ')}`}.`;
}

function byWeight(left: Evidence, right: Evidence): number {
  return Object.keys(right.shared).length - Object.keys(left.shared).length || right.at - left.at || (left.url < right.url ? -1 : 1);
}
