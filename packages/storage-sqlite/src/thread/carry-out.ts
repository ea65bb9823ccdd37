import { type OperationName, type Operations, reads, writes } from '../operations.ts';
import { isMigrated, migrate } from '../schema/migrate.ts';
import { Refusal } from '../sql/refusal.ts';
import { number } from '../sql/row.ts';
import { isBusy, refusalOf } from '../sql/sqlite-fault.ts';
import { type OpenFile, useWriteAheadLog } from './open-file.ts';
import type { Answer, Call } from './protocol.ts';

/** The file with what is known of its state. */
export interface CallState extends OpenFile {
  /** True once the tables were seen to be those of this package. */
  migrated: boolean;
  /** True while this connection has committed something since it last told others to look. */
  told: boolean;
}

const operations: Operations = { ...writes, ...reads };

const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name);

/** True of a call that only reads. */
export const isRead = ({ name }: Call): boolean => Object.hasOwn(reads, name);

const machineTime = "select cast(round(unixepoch('now', 'subsec') * 1000) as integer) as now";

/** The store's time for a call: the machine's clock unless the host brings another. */
function timeOf({ session }: CallState, call: Call): number {
  if (call.now !== null) return call.now;
  const row = session.get(machineTime);
  if (row === undefined) throw new Error('SQLite tells no time.');
  return number(row, 'now');
}

function checkTables(state: CallState): void {
  state.migrated ||= isMigrated(state.session);
  if (state.migrated) return;
  const message = 'The file of the storage lacks its tables or has those of an older package. Await ready() before the first call.';
  throw new Refusal({ code: 'not_ready', message });
}

function perform(state: CallState, name: OperationName, call: Call): unknown {
  // What comes in is what the other side of this package sent under this name.
  const run = operations[name] as (store: OpenFile, input: unknown, now: number) => unknown;
  return run(state, call.input, timeOf(state, call));
}

const changes = 'select total_changes() as count';

const changesOf = ({ session }: CallState): number => {
  const row = session.get(changes);
  return row === undefined ? 0 : number(row, 'count');
};

/** What others see of a commit is a wake-up in itself, so one is written only where nothing was committed since the last. */
function isToldAlready(state: CallState, changesBefore: number): boolean {
  const told = state.told || changesOf(state) > changesBefore;
  state.told = false;
  return told;
}

function outputOf(state: CallState, call: Call, changesBefore: number): unknown {
  if (call.name === 'ready') {
    migrate(state.database, state.session);
    state.migrated = true;
    return undefined;
  }
  checkTables(state);
  if (call.name === 'wake' && isToldAlready(state, changesBefore)) return undefined;
  if (isOperation(call.name)) return perform(state, call.name, call);
  throw new Error(`There is no operation ${call.name}.`);
}

function answerInside(state: CallState, call: Call, changesBefore: number): Answer {
  const { session } = state;
  session.run('savepoint one');
  try {
    const output = outputOf(state, call, changesBefore);
    session.run('release one');
    return { id: call.id, output };
  } catch (error) {
    // On a full or failing disk SQLite may have rolled everything back by itself: then every call of the transaction has failed of it.
    if (isBusy(error) || !state.database.isTransaction) throw error;
    session.run('rollback to one');
    session.run('release one');
    return { id: call.id, refusal: refusalOf(error) };
  }
}

function rollBack({ database }: CallState): void {
  if (database.isTransaction) database.exec('rollback');
}

function answerAll(state: CallState, calls: readonly Call[], begin: 'begin' | 'begin immediate'): readonly Answer[] | 'busy' {
  const { session } = state;
  const { migrated } = state;
  try {
    if (calls.some(({ name }) => name === 'ready')) useWriteAheadLog(state);
    session.run(begin);
    const before = changesOf(state);
    const answers = calls.map((call) => answerInside(state, call, before));
    const changed = changesOf(state) > before;
    session.run('commit');
    state.told ||= changed && calls.every(({ name }) => name !== 'wake' && name !== 'ready');
    return answers;
  } catch (error) {
    rollBack(state);
    state.migrated = migrated;
    if (isBusy(error)) return 'busy';
    const refusal = refusalOf(error);
    return calls.map(({ id }) => ({ id, refusal }));
  }
}

/**
 * Carries out writing calls in one transaction and answers them once it is committed; a call that throws leaves nothing and does not
 * concern the others. `busy`: another process is writing, and nothing was done.
 */
export const carryOutWrites = (state: CallState, calls: readonly Call[]): readonly Answer[] | 'busy' =>
  answerAll(state, calls, 'begin immediate');

/** Carries out reading calls on what is committed. */
export const carryOutReads = (state: CallState, calls: readonly Call[]): readonly Answer[] | 'busy' => answerAll(state, calls, 'begin');
