import type { JsonObject } from '../json/json.ts';
import type { KnownRecordType } from '../records/known-records.ts';
import type { TellResult } from '../records/tell-change.ts';
import { type RecordChangeOf, recordChanged } from './record-changed.ts';
import type { TenantScope } from './tenant-services.ts';

/** A type of the host's records, as a console shows it. */
export interface RecordTypeView {
  readonly type: string;
  readonly title: string;
  readonly description: string | null;
  /** JSON Schema of a record. */
  readonly schema: JsonObject;
  readonly views: readonly { readonly name: string; readonly title: string | null }[];
  readonly links: readonly { readonly name: string; readonly title: string | null; readonly to: string }[];
  /** What automations may do to records of it. */
  readonly actions: readonly ('create' | 'update' | 'delete' | 'link')[];
}

/** The records of a tenant, which the host keeps. */
export interface RecordsApi<Type extends string = string, Transaction = never> {
  /**
   * Tells the hub that a record has changed. It becomes the event `record.{type}.created`, `.updated` or `.deleted`, which starts automations like any other; one that
   * has changed nothing becomes none. Resolves after the commit; with `transaction`, once it is written in the host's own. Throws `invalid_event` for a type that is not
   * declared and for a record that its schema refuses, and `conflict` for a version that was told before with other data.
   */
  changed(change: RecordChangeOf<Type, Transaction>): Promise<TellResult>;
  /** The types that the host has declared, for who builds automations. */
  types(): readonly RecordTypeView[];
}

/** The records part of a tenant's handle. */
export function recordsApi(scope: TenantScope): RecordsApi<string, unknown> {
  return {
    changed: (change) => recordChanged(scope, change),
    types: () => [...(scope.records?.types.values() ?? [])].map(toView),
  };
}

function toView({ name, definition, described, views, links }: KnownRecordType): RecordTypeView {
  const { title, description = null, create, update } = definition;
  const actions = { create: create !== undefined, update: update !== undefined, delete: definition.delete === true, link: links.size > 0 };
  const kinds = ['create', 'update', 'delete', 'link'] as const;
  return {
    type: name,
    title,
    description,
    schema: described,
    views: [...views.keys()].map((view) => ({ name: view, title: definition.views?.[view]?.title ?? null })),
    links: [...links].map(([link, joined]) => ({ name: link, title: joined.title ?? null, to: joined.to })),
    actions: kinds.filter((kind) => actions[kind]),
  };
}
