import type { Json } from '../json/json.ts';
import type { Confinement } from './leaves-confinement.ts';

/**
 * How connections of another major come over to this one: data in, data out. What is left out is taken as it is. What the functions give is parsed as
 * a host's words are, so what this major does not take keeps the connection where it is.
 */
export interface ConnectionMigration {
  /** The settings of this major, from those of the other one. Pure, and answers at once. @default as they are */
  settings?(before: Readonly<Record<string, Json>>): Readonly<Record<string, Json>>;
  /** What a confined connection is confined to in this major's kinds of resources. It never lifts a confinement. @default as it is */
  confinedTo?(before: Confinement): Confinement;
  /** Names of triggers of this major by their names in the other one, for webhooks that stand: `{ sold: 'item.sold' }`. @default as they are */
  readonly triggers?: Readonly<Record<string, string>>;
}

/** How connections come over to a major, by the major that they come from. */
export type ConnectionMigrations = Readonly<Record<number, ConnectionMigration>>;

/** What keeps the migrations of a connector from being used, or `undefined`. */
export function migrationsFault(
  migrations: ConnectionMigrations | undefined,
  { major, triggers }: { readonly major: number; readonly triggers: object },
): string | undefined {
  for (const [from, migration] of Object.entries(migrations ?? {})) {
    if (!/^(0|[1-9]\d{0,8})$/.test(from)) return `its migrations are named by majors, and ${from.slice(0, 20)} is none`;
    if (Number(from) === major) return `its migrations name its own major ${from}`;
    if (typeof migration !== 'object' || migration === null) return `its migration from major ${from} is no object`;
    for (const part of ['settings', 'confinedTo'] as const)
      if (migration[part] !== undefined && typeof migration[part] !== 'function')
        return `${part} of its migration from major ${from} is no function`;
    const unknown = Object.values(migration.triggers ?? {}).find((name) => !Object.hasOwn(triggers, name));
    if (unknown !== undefined)
      return `its migration from major ${from} names the trigger ${String(unknown).slice(0, 64)}, which it does not have`;
  }
  return undefined;
}
