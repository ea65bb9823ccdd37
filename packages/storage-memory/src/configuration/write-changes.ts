import { isDeepStrictEqual } from 'node:util';
import type { Change, ConfigurationKind, ConfigurationKinds, Row, WriteVerdict } from '@patchbay/core/adapter';
import { type ConfigurationState, createScope, type RowTable, type Scope } from './configuration-state.ts';
import { forget, locate } from './locators.ts';

/** One write under way: what it has changed can be taken back. */
interface Writing {
  readonly state: ConfigurationState;
  readonly scope: Scope;
  readonly now: number;
  readonly undo: (() => void)[];
}

interface Wanted {
  readonly changes: readonly Change[];
  /** The revision before it; `undefined`: any. */
  readonly revision?: number | undefined;
}

interface Place {
  readonly tenant: string;
  readonly now: number;
}

type Step = 'applied' | 'already' | 'conflict';

function setRow<Kind extends ConfigurationKind>(writing: Writing, kind: Kind, id: string, row: Row<Kind> | undefined): void {
  const { state, scope } = writing;
  const table: RowTable<Kind> = scope.tables[kind];
  const before = table.byId.get(id);
  if (before !== undefined) {
    table.byName.delete(before.name);
    forget(state.locators, scope.name, kind, before);
  }
  if (row === undefined) table.byId.delete(id);
  else {
    table.byId.set(id, row);
    table.byName.set(row.name, id);
    locate(state.locators, scope.name, kind, row);
  }
  writing.undo.push(() => setRow({ ...writing, undo: [] }, kind, id, before));
}

interface Put<Kind extends ConfigurationKind> {
  readonly put: Kind;
  readonly id: string;
  readonly name: string;
  readonly expect: number | 'absent';
  readonly value: ConfigurationKinds[Kind];
}

function putRow<Kind extends ConfigurationKind>(writing: Writing, change: Put<Kind>): Step {
  const { put: kind, id, name } = change;
  const table: RowTable<Kind> = writing.scope.tables[kind];
  const row = table.byId.get(id);
  const before = change.expect === 'absent' ? 0 : change.expect;
  if (row?.version === before + 1 && row.name === name && isDeepStrictEqual(row.value, change.value)) return 'already';
  if ((row?.version ?? 0) !== before) return 'conflict';
  const namesake = table.byName.get(name);
  if (namesake !== undefined && namesake !== id) return 'conflict';
  setRow(writing, kind, id, { id, name, version: before + 1, value: structuredClone(change.value), updatedAt: writing.now });
  return 'applied';
}

function deleteRow(writing: Writing, change: { readonly delete: ConfigurationKind; readonly id: string; readonly expect: number }): Step {
  const row = writing.scope.tables[change.delete].byId.get(change.id);
  if (row === undefined) return 'already';
  if (row.version !== change.expect) return 'conflict';
  setRow(writing, change.delete, change.id, undefined);
  return 'applied';
}

const kindOf = (change: Change): ConfigurationKind => ('put' in change ? change.put : change.delete);

/** Revisions of which it is remembered what they changed, at least; twice as many before the older ones are forgotten. */
const rememberedRevisions = 256;

function remember(scope: Scope, changes: readonly Change[]): void {
  scope.revision += 1;
  scope.log.push({ revision: scope.revision, rows: changes.map((change) => ({ kind: kindOf(change), id: change.id })) });
  if (scope.log.length >= 2 * rememberedRevisions) scope.log.splice(0, rememberedRevisions);
}

function applyChanges(writing: Writing, { changes, revision }: Wanted): WriteVerdict {
  let applied = false;
  for (const change of changes) {
    const step = 'put' in change ? putRow(writing, change) : deleteRow(writing, change);
    if (step === 'conflict') return { status: 'conflict', kind: kindOf(change), id: change.id };
    applied ||= step === 'applied';
  }
  const [first] = changes;
  if (applied && first && revision !== undefined && revision !== writing.scope.revision)
    return { status: 'conflict', kind: kindOf(first), id: first.id };
  if (applied) remember(writing.scope, changes);
  return { status: 'written', revision: writing.scope.revision };
}

/** Applies all changes or none. A write that finds everything as it says changes nothing, the revision included. */
export function writeChanges(state: ConfigurationState, { tenant, now, ...wanted }: Wanted & Place): WriteVerdict {
  const scope = state.scopes.get(tenant) ?? createScope(tenant);
  const writing: Writing = { state, scope, now, undo: [] };
  let verdict: WriteVerdict | undefined;
  try {
    verdict = applyChanges(writing, wanted);
    if (verdict.status === 'written') state.scopes.set(tenant, scope);
    return verdict;
  } finally {
    if (verdict?.status !== 'written') for (const back of writing.undo.toReversed()) back();
  }
}
