import type { ScriptPosition } from '@patchbay/core/host';
import type { ScriptAnswer } from './worker-messages.ts';

/** Name of the script in its own stack traces. */
export const scriptName = 'script.js';

/** Lines that stand before a script's own. */
export const linesBefore = 1;

type Failed = Extract<ScriptAnswer, { ok: false }>;

const texts = {
  memory: 'The script took more memory than it may. Work on less at once.',
  stack: 'The script called itself too deeply. Use a loop.',
  fuel: 'The script worked for longer than it may. Do less, or in several steps.',
} as const;

/** What ran over, in words. */
export const overrun = (fault: keyof typeof texts): Failed => ({ ok: false, fault, message: texts[fault] });

/** What an error of the script's means, from its description as JSON text. The script may have written anything there. */
export function describeFault(description: string): Failed {
  const [name, message, stack] = partsOf(description);
  if (name === 'InternalError' && (message === 'out of memory' || message === 'string too long')) return overrun('memory');
  if (/^(?:InternalError|RangeError)$/.test(name) && /stack (?:overflow|size exceeded)/i.test(message)) return overrun('stack');
  const plain = message.replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  const said = [name.replaceAll(/[^A-Za-z0-9_$]/g, ''), plain].filter((part) => part !== '').join(': ');
  return { ok: false, fault: 'threw', message: said === '' ? 'The script threw nothing that says why.' : said, at: positionIn(stack) };
}

/** The same for a source that cannot be read. What is missing at its end is missing there, and not in the line that stands behind it. */
export function describeSyntax(description: string, source: string): Failed {
  const failed = describeFault(description);
  if (failed.fault !== 'threw') return failed;
  const lines = source.split('\n');
  const end = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return { ...failed, fault: 'syntax', at: failed.at && failed.at.line > lines.length ? end : failed.at };
}

function partsOf(description: string): readonly [name: string, message: string, stack: string] {
  let parts: unknown;
  try {
    parts = JSON.parse(description);
  } catch {
    parts = [];
  }
  const [name, message, stack] = Array.isArray(parts) ? parts : [];
  return [textOf(name), textOf(message), textOf(stack)];
}

const textOf = (part: unknown): string => (typeof part === 'string' ? part : '');

/** The first place of a trace that is in the script. */
function positionIn(stack: string): ScriptPosition | undefined {
  const [, line, column] = new RegExp(`${scriptName.replace('.', '\\.')}:(\\d+):(\\d+)`).exec(stack) ?? [];
  const at = { line: Number(line) - linesBefore, column: Number(column) };
  return at.line >= 1 && at.column >= 1 ? at : undefined;
}
