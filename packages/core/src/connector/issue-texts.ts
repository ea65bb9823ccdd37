import { plainWords } from '../errors/plain-words.ts';
import type { SchemaIssue } from './schema.ts';

/** Longest text of one fault, in characters. */
const maximumText = 200;
/** Most parts of a value that are compared with a message; with more, the message is left out. */
const maximumParts = 1000;

/** One line for each of the first `limit` faults: where, and what the schema says, unless it says what the value was. */
export function issueTexts(
  issues: readonly SchemaIssue[],
  { value, limit }: { readonly value: unknown; readonly limit: number },
): string[] {
  return issues.slice(0, limit).map((issue) => {
    const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
    const where = path.length === 0 ? '(root)' : path.map(String).join('.');
    const part = partAt(value, path);
    const what = quotes(issue.message, part) ? 'is not accepted' : plainWords(issue.message, part === undefined);
    return `${where.slice(0, maximumText / 2)}: ${what}`.slice(0, maximumText);
  });
}

function partAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let part = value;
  for (const key of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    part = Reflect.get(part, key);
  }
  return part;
}

/** Some libraries' messages, and authors' own, repeat the value; it may be a secret, and messages are stored and shown. */
function quotes(message: string, value: unknown): boolean {
  const pending = [value];
  for (let seen = 0; pending.length > 0; seen++) {
    if (seen === maximumParts) return true;
    const part = pending.pop();
    if (typeof part === 'object' && part !== null) pending.push(...Object.values(part).slice(0, maximumParts));
    else if (typeof part === 'string' || typeof part === 'number' || typeof part === 'bigint') {
      if (repeats(message, String(part))) return true;
    }
  }
  return false;
}

// A message may cut a long value short, so its beginning is enough; a short one counts only in quotes, for `a` is in most messages.
function repeats(message: string, text: string): boolean {
  if (text.length >= 4) return message.includes(text.slice(0, 8));
  return text !== '' && ['"', "'", '`'].some((mark) => message.includes(mark + text + mark));
}
