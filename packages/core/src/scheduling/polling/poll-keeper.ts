import { isJsonObject } from '../../json/is-json-object.ts';
import type { Kept } from '../keeper.ts';

/** A polling trigger of one connection. */
export interface PollPlace {
  readonly tenant: string;
  /** Id. */
  readonly connection: string;
  readonly connector: string;
  readonly trigger: string;
}

/** What executes the looks of a connector. */
export const pollHandler = (connector: string): string => `poll:${connector}`;

/** Where the cursor is kept. */
export const pollStateName = ({ connection, trigger }: Pick<PollPlace, 'connection' | 'trigger'>): string =>
  `poll:${connection}:${trigger}`;

/** The keeper of a polling trigger. Its lane is the connection's: where that is closed, nobody looks. */
export function pollKeeper({ tenant, connection, connector, trigger }: PollPlace): Kept {
  const name = `poll:${connection}:${trigger}`;
  return {
    tenant,
    name,
    target: `poll:${connector}.${trigger}`,
    handler: pollHandler(connector),
    lane: `connection:${connection}`,
    operation: trigger,
    connection,
  };
}

/** The turn of a keeper; `null` for what is none. */
export function turnOf(input: string | null): number | null {
  const written: unknown = input === null ? null : JSON.parse(input);
  return isJsonObject(written) && typeof written['turn'] === 'number' ? written['turn'] : null;
}
