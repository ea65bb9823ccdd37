import { isJsonObject } from '../json/is-json-object.ts';
import type { Json, JsonObject } from '../json/json.ts';

/** One mention of a connection in a definition. */
export interface ConnectionUse {
  readonly connection: string;
  /** Connector that it is one of: of the action, or of the event. */
  readonly connector: string;
  readonly place: string;
}

/** Members that hold no part of a definition, but data. */
const closed: ReadonlySet<string> = new Set(['input', 'when', 'where']);

/** Every mention of a connection, in the trigger and in each step, however deep. */
export function connectionUses(definition: JsonObject): readonly ConnectionUse[] {
  const uses: ConnectionUse[] = [];
  walk(definition, 'automation', (part, place) => {
    const use = useOf(part, place);
    if (use) uses.push(use);
    return part;
  });
  return uses;
}

/** Ids of the connectors whose actions and events a definition names. */
export function connectorsNamed(definition: JsonObject, isConnector: (id: string) => boolean): ReadonlySet<string> {
  const named = new Set<string>(connectionUses(definition).map(({ connector }) => connector));
  walk(definition, 'automation', (part) => {
    for (const name of [part['action'], part['event']]) {
      const id = typeof name === 'string' ? name.split('.', 1)[0] : undefined;
      if (id !== undefined && isConnector(id)) named.add(id);
    }
    return part;
  });
  return named;
}

/** Types of the host's records whose changes a definition starts on, or which its steps write. */
export function recordsNamed(definition: JsonObject): ReadonlySet<string> {
  const named = new Set<string>();
  walk(definition, 'automation', (part) => {
    const { record, action, input } = part;
    const isStep = typeof action === 'string' && action.startsWith('record.');
    for (const holder of [record, isStep ? input : undefined]) {
      const type = isJsonObject(holder) ? holder['type'] : undefined;
      if (typeof type === 'string') named.add(type);
    }
    return part;
  });
  return named;
}

/** The definition with other connections in the places of those that it names. */
export function renameConnections(definition: JsonObject, nameOf: (use: ConnectionUse) => string): JsonObject {
  const renamed = walk(definition, 'automation', (part, place) => {
    const use = useOf(part, place);
    return use ? { ...part, connection: nameOf(use) } : part;
  });
  return isJsonObject(renamed) ? renamed : {};
}

function useOf({ connection, action, event }: JsonObject, place: string): ConnectionUse | undefined {
  const name = typeof action === 'string' ? action : event;
  if (typeof connection !== 'string' || typeof name !== 'string') return undefined;
  return { connection, connector: name.split('.', 1)[0] ?? '', place: `${place}.connection` };
}

function walk(value: Json, place: string, change: (part: JsonObject, place: string) => JsonObject): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => walk(item, `${place}[${index}]`, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(change(value, place)).map(([name, member]) => [
      name,
      closed.has(name) ? member : walk(member, `${place}.${name}`, change),
    ]),
  );
}
