import type { Json } from '../json/json.ts';
import type { AlertThreshold } from './alert-rule.ts';

/** What was seen within one part of a window. */
export interface WindowPart {
  /** When the part begins, milliseconds since 1970. */
  readonly at: number;
  readonly trouble: number;
  readonly well: number;
}

/** Parts that a window is kept in: it slides by a tenth of its length. */
const partsPerWindow = 10;

/** Milliseconds of a part. */
const partMs = ({ windowMs }: AlertThreshold): number => Math.max(1, Math.floor(windowMs / partsPerWindow));

/** The window with what has come, without what is past. */
export function addToWindow(
  window: readonly WindowPart[],
  seen: { readonly trouble: number; readonly well: number; readonly at: number },
  { threshold, now }: { readonly threshold: AlertThreshold; readonly now: number },
): readonly WindowPart[] {
  const ms = partMs(threshold);
  const at = Math.floor(seen.at / ms) * ms;
  const before = window.find((part) => part.at === at) ?? { trouble: 0, well: 0 };
  const part = { at, trouble: before.trouble + seen.trouble, well: before.well + seen.well };
  return [...window.filter((each) => each.at !== at), part]
    .filter((each) => each.at > now - threshold.windowMs - ms && each.trouble + each.well > 0)
    .toSorted((left, right) => left.at - right.at);
}

/** What the window holds together. */
export function sumOfWindow(window: readonly WindowPart[]): { readonly trouble: number; readonly well: number } {
  return window.reduce((sum, part) => ({ trouble: sum.trouble + part.trouble, well: sum.well + part.well }), { trouble: 0, well: 0 });
}

/** True where there is so much trouble in the window that somebody is to be told. */
export function isEnough(window: readonly WindowPart[], threshold: AlertThreshold): boolean {
  const { trouble, well } = sumOfWindow(window);
  if ('count' in threshold) return trouble >= threshold.count;
  return trouble + well >= threshold.minimum && trouble > threshold.share * (trouble + well);
}

/** True where a share has fallen to half of what opens an alert: in between, what is so stays so. */
export function isOver(window: readonly WindowPart[], threshold: AlertThreshold): boolean {
  if ('count' in threshold) return false;
  const { trouble, well } = sumOfWindow(window);
  return well > 0 && trouble <= (threshold.share / 2) * (trouble + well);
}

/** The window as it is stored. */
export const writeAlertWindow = (window: readonly WindowPart[]): Json => window.map(({ at, trouble, well }) => [at, trouble, well]);

/** What {@link writeAlertWindow} wrote; an empty one for what is none. */
export function readAlertWindow(value: Json | undefined): readonly WindowPart[] {
  const parts: readonly Json[] = Array.isArray(value) ? value : [];
  return parts.flatMap((part) => {
    const [at, trouble, well]: readonly Json[] = Array.isArray(part) ? part : [];
    return typeof at === 'number' && typeof trouble === 'number' && typeof well === 'number' ? [{ at, trouble, well }] : [];
  });
}
