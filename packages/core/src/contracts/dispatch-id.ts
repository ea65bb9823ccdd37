import type { DispatchKey, RunKey } from '../contracts/dispatch-records.ts';
import { isUuid } from '../id/is-uuid.ts';

/** The id of a dispatch as people see it: its key without the tenant, each part percent-encoded. */
export function formatDispatchId(key: DispatchKey): string {
  return [key.root, String(key.replay), key.target, key.path].map(encodePart).join(':');
}

const ofAutomation = 'automation:';

const plain = /^[\w.~-]*$/;

function encodePart(part: string): string {
  return plain.test(part) ? part : encodeURIComponent(part);
}

/** The key behind an id, or `null` for what no dispatch can have. */
export function parseDispatchId(tenant: string, id: string): DispatchKey | null {
  const parts = decodeParts(id, 4);
  if (!parts) return null;
  const [root = '', replay = '', target = '', path = ''] = parts;
  return isUuid(root) && isCount(replay) ? { tenant, root, replay: Number(replay), target, path } : null;
}

/** The id of a run as people see it. */
export function formatRunId(key: RunKey): string {
  return [key.root, String(key.replay), key.automation].map(encodePart).join(':');
}

/** The id of the run that a dispatch belongs to; `null` for what belongs to none, such as a subscriber's call. */
export function runIdOf({ tenant, root, target, replay }: DispatchKey): string | null {
  return target.startsWith(ofAutomation) ? formatRunId({ tenant, root, replay, automation: target.slice(ofAutomation.length) }) : null;
}

/** The key behind a run's id, or `null` for what no run can have. */
export function parseRunId(tenant: string, id: string): RunKey | null {
  const parts = decodeParts(id, 3);
  if (!parts) return null;
  const [root = '', replay = '', automation = ''] = parts;
  return isUuid(root) && isUuid(automation) && isCount(replay) ? { tenant, root, replay: Number(replay), automation } : null;
}

function isCount(text: string): boolean {
  return /^(0|[1-9][0-9]{0,8})$/.test(text);
}

function decodeParts(id: unknown, count: number): string[] | null {
  if (typeof id !== 'string' || id.length > 2_000) return null;
  const parts = id.split(':');
  if (parts.length !== count) return null;
  try {
    const decoded = parts.map(decodeURIComponent);
    // No key holds a NUL, and not every store can be asked for one.
    return decoded.some((part) => part.includes('\u0000')) ? null : decoded;
  } catch {
    return null;
  }
}
