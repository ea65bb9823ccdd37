import type { EvidenceNote, EvidenceReader, EvidenceSubjects } from '../connector/evidence-declaration.ts';
import type { HubEvent } from '../event/hub-event.ts';
import { isJsonObject } from '../json/is-json-object.ts';
import type { Json } from '../json/json.ts';
import type { TenantScope } from './tenant-services.ts';

/** What a connector reads of an event's type; `undefined` where it reads nothing of it. */
export function readerOf({ registry }: Pick<TenantScope, 'registry'>, type: string): EvidenceReader | undefined {
  const [id = ''] = type.split('.', 1);
  const readers = registry.find(id)?.definition.evidence ?? {};
  const trigger = type.slice(id.length + 1);
  return Object.hasOwn(readers, trigger) ? readers[trigger] : undefined;
}

/** Types of the events that are evidence, of all connectors that are registered. */
export function evidenceTypes({ registry }: Pick<TenantScope, 'registry'>): readonly string[] {
  return registry
    .list()
    .flatMap(({ id, definition }) =>
      Object.entries(definition.evidence ?? {}).flatMap(([trigger, { evidence }]) => (evidence === undefined ? [] : [`${id}.${trigger}`])),
    );
}

/** What a connector sees in an event; what its code throws, and what is no evidence, is left out. */
export function notesOf(reader: EvidenceReader | undefined, data: Json): readonly EvidenceNote[] {
  try {
    return (reader?.evidence?.(data) ?? []).filter(isNote);
  } catch {
    return [];
  }
}

/** A failure: what failed, as far as it says. */
export interface Failure {
  readonly isFailure: boolean;
  readonly subjects: EvidenceSubjects;
}

/**
 * Whether an event tells of a failure, and what failed. A connector's word for it goes first; else its severity says so, and members named `repository`, `service` and `environment` of what
 * its mapping made, or of its data, say what.
 */
export function failureOf(reader: EvidenceReader | undefined, event: HubEvent): Failure {
  const told = toldBy(reader, event.data);
  if (told !== undefined) return { isFailure: told !== null, subjects: { ...plainSubjects(event), ...soundSubjects(told ?? {}) } };
  return { isFailure: event.severity === 'error' || event.severity === 'critical', subjects: plainSubjects(event) };
}

function toldBy(reader: EvidenceReader | undefined, data: Json): EvidenceSubjects | null | undefined {
  try {
    return reader?.failure?.(data);
  } catch {
    return undefined;
  }
}

function plainSubjects({ data, mapped }: HubEvent): EvidenceSubjects {
  return { ...soundSubjects(data), ...soundSubjects(mapped) };
}

/** Kinds of subjects, the one that says most first. */
export const subjectKinds = ['repository', 'service', 'environment'] as const satisfies readonly (keyof EvidenceSubjects)[];

function soundSubjects(value: unknown): EvidenceSubjects {
  if (!isJsonObject(value)) return {};
  const found = subjectKinds.flatMap((kind): [string, string][] => {
    const subject = Object.hasOwn(value, kind) ? value[kind] : undefined;
    return typeof subject === 'string' && subject !== '' && subject.length <= 200 ? [[kind, subject]] : [];
  });
  return Object.fromEntries(found);
}

function isNote(note: EvidenceNote): boolean {
  return typeof note?.title === 'string' && typeof note.url === 'string' && note.url.startsWith('https://') && isJsonObject(note.subjects);
}
