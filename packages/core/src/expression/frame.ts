import type { ExpressionLimits } from './expression-limits.ts';
import { Fault } from './fault.ts';
import type { Site } from './site.ts';

/** The state of one evaluation: what it reads, its macro variables, and the fuel that is left. */
export interface Frame {
  readonly scope: Readonly<Record<string, unknown>>;
  /** Values of macro variables, by slot. */
  readonly locals: unknown[];
  /** Steps that are left. */
  steps: number;
  /** Bytes that are left. */
  bytes: number;
  /** Where a fault of the running operation is reported. */
  site: Site;
  /** Deepest data that is compared or leaves. */
  readonly depth: number;
}

const nowhere: Site = { start: 0, end: 0 };

/** A fresh frame with full fuel. Several programs may share one, and then share its fuel. */
export function createFrame(scope: Readonly<Record<string, unknown>>, limits: ExpressionLimits): Frame {
  return { scope, locals: [], steps: limits.steps, bytes: limits.bytes, site: nowhere, depth: limits.depth };
}

/** What evaluations have used together, counted up from zero. */
export interface FuelUse {
  steps: number;
  bytes: number;
}

/** Adds what a frame has used to what others have. */
export function addUse(use: FuelUse, frame: Frame, limits: ExpressionLimits): void {
  use.steps += limits.steps - frame.steps;
  use.bytes += limits.bytes - frame.bytes;
}

/** Stops the running operation with a reason that others may absorb. */
export function fail(frame: Frame, reason: string): never {
  // A fault is dear to throw and catch, and `all` over bad data could throw one an item.
  spendSteps(frame, 60);
  throw new Fault(reason, frame.site);
}

/** Takes steps from the fuel. */
export function spendSteps(frame: Frame, steps: number): void {
  frame.steps -= steps;
  if (frame.steps < 0) throw new Fault('it takes more steps than an evaluation may, make it or its data smaller', frame.site, true);
}

/** Takes bytes from the allowance, before they are built. */
export function spendBytes(frame: Frame, bytes: number): void {
  frame.bytes -= bytes;
  if (frame.bytes < 0) throw new Fault('it builds more data than an evaluation may, make it or its data smaller', frame.site, true);
}

/** Pays for reading through text: one step for 32 characters. */
export function spendScan(frame: Frame, characters: number): void {
  if (characters >= 32) spendSteps(frame, characters >>> 5);
}

/** Pays for building text: two bytes a character, and the scan that a later reader makes. */
export function spendText(frame: Frame, characters: number): void {
  spendBytes(frame, characters * 2 + 32);
  spendScan(frame, characters);
}

/** Pays for a list of that many items. */
export function spendItems(frame: Frame, items: number): void {
  spendBytes(frame, items * 16 + 48);
}
