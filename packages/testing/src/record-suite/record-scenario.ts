import type { RecordStage } from './record-stage.ts';

/** One thing that every adapter does. */
export interface RecordScenario {
  readonly title: string;
  /** Why it cannot be tried; `null` where it can. @default it always can */
  readonly skip?: (stage: RecordStage) => string | null;
  readonly run: (stage: RecordStage) => Promise<void>;
}

/** Skips where the adapter has no such method, or the type does not allow it. */
export const needs =
  (method: 'create' | 'update' | 'delete' | 'link') =>
  ({ subject, sample }: RecordStage): string | null => {
    const { create, update, delete: deletes, links } = subject.adapter.types[sample.type] ?? {};
    const allowed = { create: create !== undefined, update: update !== undefined, delete: deletes === true, link: links !== undefined };
    if (subject.adapter[method] === undefined) return `the adapter has no method ${method}`;
    if (!allowed[method]) return `the type ${sample.type} does not allow ${method}`;
    return method === 'update' && sample.update === undefined ? `the sample of ${sample.type} has no update` : null;
  };

/** Skips where records have no versions, or where another reason says so. */
export const needsVersions =
  (also: (stage: RecordStage) => string | null) =>
  (stage: RecordStage): string | null =>
    stage.subject.adapter.versions === true ? also(stage) : 'its records have no versions';
