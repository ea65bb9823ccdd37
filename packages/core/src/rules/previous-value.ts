import type { Path } from '../expression/path.ts';
import { isPlainObject, readMember } from '../expression/read-member.ts';
import { readPath } from '../expression/read-path.ts';

/** What a field held before: a value, or nothing because the thing is new, or nothing because the event does not say. */
export type Previous = { readonly value: unknown } | { readonly isNew: true } | { readonly unsaid: true };

const unsaid: Previous = { unsaid: true };

/** Tells what the field at a path held before, from the event's data alone. `current` is what it holds. */
type Convention = (data: Readonly<Record<string, unknown>>, path: Path, current: unknown) => Previous | undefined;

/**
 * What a field of the event's data held before the change that the event tells of, by the first of these that the data carries: `before`
 * beside `after`; `previous` or `previous_attributes` with the members that have changed; `changes` with `from` (GitHub); `changelog.items`
 * (Jira). What such a list of changes does not name has not changed.
 */
export function previousValue(scope: Readonly<Record<string, unknown>>, path: Path): Previous {
  const data = readPath(scope, ['event', 'data']);
  if (!isPlainObject(data)) return unsaid;
  const inData = path.slice(2);
  const current = readPath(data, inData);
  for (const convention of conventions) {
    const found = convention(data, inData, current);
    if (found !== undefined) return found;
  }
  return unsaid;
}

const ofStates: Convention = (data, [first, ...rest]) => {
  if (first !== 'after' || !Object.hasOwn(data, 'before')) return undefined;
  const before = readMember(data, 'before');
  return isPlainObject(before) ? { value: readPath(before, rest) } : { isNew: true };
};

const ofPreviousMembers: Convention = (data, path, current) => {
  const previous = readMember(data, 'previous');
  if (isPlainObject(previous)) return { value: orUnchanged(readPath(previous, path), current) };
  const attributes = readMember(data, 'previous_attributes');
  return isPlainObject(attributes) ? { value: orUnchanged(readPath(attributes, path.slice(1)), current) } : undefined;
};

// `changes` names the members of the thing that the event is about, or that thing as well: `changes.title.from`, `changes.repository.name.from`.
const ofChanges: Convention = (data, path, current) => {
  const changes = readMember(data, 'changes');
  if (!isPlainObject(changes)) return undefined;
  for (const place of [path, path.slice(1)]) {
    const change = place.length === 0 ? undefined : readPath(changes, place);
    if (isPlainObject(change) && Object.hasOwn(change, 'from')) return { value: change['from'] };
  }
  return { value: current };
};

// Each item has the raw value in `from` and what people see in `fromString`; fields of an issue are at `issue.fields`.
const ofChangelog: Convention = (data, path, current) => {
  const items = readPath(data, ['changelog', 'items']);
  if (!Array.isArray(items)) return undefined;
  const [thing, fields, name, member] = path;
  if (thing !== 'issue' || fields !== 'fields' || name === undefined) return { value: current };
  const item: unknown = items.find((each) => readMember(each, 'fieldId') === name || readMember(each, 'field') === name);
  if (item === undefined) return { value: current };
  const isRaw = member === 'id' || member === 'key' || member === 'accountId';
  return { value: asKindOf(readMember(item, isRaw ? 'from' : 'fromString'), current) };
};

const conventions: readonly Convention[] = [ofStates, ofPreviousMembers, ofChanges, ofChangelog];

function orUnchanged(previous: unknown, current: unknown): unknown {
  return previous === undefined ? current : previous;
}

/** A changelog writes numbers as text. */
function asKindOf(text: unknown, current: unknown): unknown {
  if (typeof current !== 'number' || typeof text !== 'string' || text.trim() === '') return text;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
