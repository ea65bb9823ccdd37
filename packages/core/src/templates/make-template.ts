import type { JsonObject } from '../json/json.ts';
import type { AutomationTemplate, TemplateConnection } from './automation-template.ts';
import { type ConnectionUse, connectionUses, connectorsNamed, recordsNamed, renameConnections } from './connection-slots.ts';

/** What a template is made of. */
export interface TemplateMaking {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  readonly description?: string;
  readonly definition: JsonObject;
  /** Versions of the connectors that there are, by id. */
  readonly versions: ReadonlyMap<string, string>;
}

/** A template of an automation: the same definition, with a name for each connection that says nothing of the tenant's. It has no parameters yet. */
export function makeTemplate({ name, version, title, description, definition, versions }: TemplateMaking): AutomationTemplate {
  const slots = new Map<string, string>();
  const connections: Record<string, TemplateConnection> = {};
  const slotOf = ({ connection, connector }: ConnectionUse): string => {
    const key = `${connector}/${connection}`;
    const known = slots.get(key);
    if (known !== undefined) return known;
    const base = connector.replaceAll('-', '_');
    let slot = base;
    for (let count = 2; Object.hasOwn(connections, slot); count += 1) slot = `${base}_${count}`;
    slots.set(key, slot);
    connections[slot] = { connector };
    return slot;
  };
  const automation = renameConnections(definition, slotOf);
  const records = [...recordsNamed(definition)].sort();
  const used = [...connectorsNamed(definition, (id) => versions.has(id))].sort();
  const connectors = Object.fromEntries(used.map((id) => [id, `^${versions.get(id) ?? '0.0.0'}`]));
  return {
    format: 1,
    name,
    version,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(used.length === 0 ? {} : { connectors }),
    ...(records.length === 0 ? {} : { records }),
    ...(connectionUses(definition).length === 0 ? {} : { connections }),
    automation,
  };
}
