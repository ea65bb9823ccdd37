import { createHeap, push, remove } from '../structures/heap.ts';
import type { DispatchEntry, Line, Lines, Turn } from './entries.ts';

function lineOf(lines: Lines, { key, ordering }: DispatchEntry): Line {
  const name = JSON.stringify([key.tenant, key.target, ordering?.key]);
  const found = lines.get(name);
  if (found !== undefined) return found;
  const made: Line = { name, current: null, turns: new Map(), behind: createHeap((left, right) => left.number < right.number) };
  lines.set(name, made);
  return made;
}

function openTurn(line: Line, number: number): Turn {
  const turn: Turn = { line, number, holds: 0, waiting: new Set(), heapIndex: -1 };
  line.turns.set(number, turn);
  if (line.current === null) line.current = turn;
  else push(line.behind, turn);
  return turn;
}

/** Lets an ordered dispatch that is open keep its turn open. */
export function joinTurn({ lines }: { readonly lines: Lines }, entry: DispatchEntry): void {
  if (entry.ordering === null || entry.turn !== null) return;
  const line = lineOf(lines, entry);
  const turn = line.turns.get(entry.ordering.number) ?? openTurn(line, entry.ordering.number);
  turn.holds += 1;
  entry.turn = turn;
}

/** Lets a dispatch keep its turn open no more. Who has the key is worked out when the whole act is done: something may follow. */
export function leaveTurn({ passing }: { readonly passing: Set<Line> }, entry: DispatchEntry): void {
  const { turn } = entry;
  if (turn === null) return;
  entry.turn = null;
  turn.holds -= 1;
  if (turn.holds > 0) return;
  if (turn === turn.line.current) passing.add(turn.line);
  else {
    remove(turn.line.behind, turn);
    turn.line.turns.delete(turn.number);
  }
}

/** True while another turn has the dispatch's key. */
export const waitsForTurn = ({ turn }: DispatchEntry): boolean => turn !== null && turn !== turn.line.current;
