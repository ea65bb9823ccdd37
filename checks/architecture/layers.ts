import { modulesIn, resolveRelative } from './module-graph.ts';
import { isTestFile, type SourceTree } from './source-tree.ts';

const source = 'packages/core/src/';

/**
 * The rooms of each layer, the lowest first; the files at the top of the folder are the wiring above them all. The ground layer has an
 * order of its own, because an error, an event and a log line hold JSON, and a notice holds errors and events.
 */
const layers: readonly (readonly string[])[] = [
  ['json', 'clock'],
  ['errors', 'id', 'logger', 'secret', 'event'],
  ['notices', 'telemetry'],
  ['contracts', 'net', 'expression', 'batch', 'bounds'],
  ['connector', 'rules', 'mapping', 'audit', 'configuration', 'error-groups', 'shared-states'],
  ['automation', 'oauth', 'vault', 'events'],
  ['connections', 'records', 'templates'],
  ['gateway'],
  ['actions', 'dispatch', 'webhooks/inbound', 'webhooks/outbound'],
  ['routing', 'scheduling', 'health', 'notifications', 'replay'],
  ['tenant'],
  ['http'],
];
const wiring = layers.length;

interface Place {
  readonly room: string;
  readonly layer: number;
}

function placeOf(path: string): Place | undefined {
  const inside = path.slice(source.length).split('/');
  if (inside.length === 1) return { room: 'the top', layer: wiring };
  const room = inside[0] === 'webhooks' ? inside.slice(0, 2).join('/') : (inside[0] ?? '');
  const layer = layers.findIndex((rooms) => rooms.includes(room));
  return layer === -1 ? undefined : { room, layer };
}

/** Imports in core that do not point down: up, sideways between rooms of one layer, or out of a room that the design does not know. */
export function findLayerFaults(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, mentions] of modulesIn(tree, source.slice(0, -1))) {
    if (isTestFile(path)) continue;
    const here = placeOf(path);
    if (here === undefined) faults.push(`${path}: no layer has this room`);
    for (const { specifier } of mentions) {
      const target = resolveRelative(path, specifier);
      const there = target?.startsWith(source) ? placeOf(target) : undefined;
      if (here === undefined || there === undefined || here.room === there.room) continue;
      const direction = there.layer > here.layer ? 'up' : there.layer === here.layer ? 'sideways' : 'down';
      if (direction !== 'down') faults.push(`${path}: imports ${direction}, ${here.room} -> ${there.room} (${specifier})`);
    }
  }
  return faults;
}
