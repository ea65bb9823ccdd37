import { PatchbayError } from '../errors/patchbay-error.ts';
import { compileTemplate } from '../expression/compile-template.ts';
import { isPlainObject } from '../expression/read-member.ts';
import type { Json } from '../json/json.ts';
import { jsonText } from '../json/json-text.ts';
import { nestsDeeperThan } from '../json/nests-deeper-than.ts';
import {
  type AlertChannel,
  type AlertFilter,
  type AlertRuleDefinition,
  type AlertSignalName,
  type AlertThreshold,
  alertSignalNames,
} from './alert-rule.ts';

const minute = 60_000;
const day = 86_400_000;

const most = { levels: 5, channels: 10, codes: 20, signals: alertSignalNames.length, text: 500, input: 65_536, count: 100_000 };

const fields = [
  'on',
  'where',
  'per',
  'threshold',
  'severity',
  'levels',
  'resolveAfterMs',
  'minimumOpenMs',
  'repeatEveryMs',
  'tellResolved',
];
const filters = ['connector', 'connection', 'automation', 'endpoint', 'codes', 'tenant'];

/** Signals that come whether it went well or not: a share can be worked out of them, and one failure is not yet news. */
const shared: ReadonlySet<AlertSignalName> = new Set(['action.executed', 'subscriber.called', 'run.finished']);

/**
 * Reads a rule that nobody has checked. `owner` says whose it is: what only the operator can watch and where only a tenant can be told is refused
 * to the other. Throws `invalid_argument` and `template_invalid`, each naming what is wrong.
 */
export function parseAlertRule(given: unknown, owner: 'tenant' | 'operator'): AlertRuleDefinition {
  const rule = objectOf(given, { what: 'A rule of alerts', names: fields });
  const on = signalsOf(rule['on']);
  const threshold = thresholdOf(rule['threshold']);
  if ('share' in threshold && !on.every((name) => shared.has(name)))
    throw invalid(`A share can be worked out of ${[...shared].join(', ')}. Watch one of those, or give a count.`);
  if (owner === 'tenant' && on.includes('alert.undelivered'))
    throw invalid('Only rules of the operator watch alert.undelivered: an alert about a lost alert would be lost the same way.');
  const resolveAfterMs = rule['resolveAfterMs'];
  const repeatEveryMs = rule['repeatEveryMs'];
  return {
    on,
    where: filterOf(rule['where'] ?? {}, owner),
    per: oneOf(rule['per'] ?? 'subject', { what: 'per', words: ['subject', 'connector', 'tenant', 'rule'] }),
    threshold,
    severity: oneOf(rule['severity'] ?? 'warning', { what: 'severity', words: ['info', 'warning', 'critical'] }),
    levels: levelsOf(rule['levels'], owner),
    resolveAfterMs:
      resolveAfterMs === null ? null : figureOf(resolveAfterMs ?? 60 * minute, { what: 'resolveAfterMs', least: minute, most: 30 * day }),
    minimumOpenMs: figureOf(rule['minimumOpenMs'] ?? 5 * minute, { what: 'minimumOpenMs', least: 0, most: day }),
    repeatEveryMs:
      repeatEveryMs === undefined || repeatEveryMs === null
        ? null
        : figureOf(repeatEveryMs, { what: 'repeatEveryMs', least: minute, most: 30 * day }),
    tellResolved: flagOf(rule['tellResolved'] ?? true),
  };
}

function signalsOf(given: unknown): readonly AlertSignalName[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  const known = names.flatMap((name) => alertSignalNames.filter((each) => each === name));
  if (known.length === names.length && known.length > 0 && known.length <= most.signals) return [...new Set(known)];
  throw invalid(`The on of a rule names what it watches: ${alertSignalNames.join(', ')}.`);
}

function filterOf(given: unknown, owner: 'tenant' | 'operator'): AlertFilter {
  const { codes, ...texts } = objectOf(given, { what: 'The where of a rule', names: filters });
  for (const [name, text] of Object.entries(texts)) textOf(text, `where.${name}`);
  if (owner === 'tenant' && 'tenant' in texts) throw invalid('Only rules of the operator name a tenant. Leave where.tenant out.');
  if (codes === undefined) return { ...texts };
  if (!Array.isArray(codes) || codes.length === 0 || codes.length > most.codes)
    throw invalid(`The where.codes of a rule are 1 to ${most.codes} codes of errors.`);
  const listed: readonly unknown[] = codes;
  return { ...texts, codes: listed.map((code) => textOf(code, 'where.codes')) };
}

function thresholdOf(given: unknown): AlertThreshold {
  if (given === undefined) return { count: 1, windowMs: minute };
  const threshold = objectOf(given, { what: 'The threshold of a rule', names: ['count', 'share', 'minimum', 'windowMs'] });
  const { count, share, minimum } = threshold;
  const windowMs = figureOf(threshold['windowMs'], { what: 'threshold.windowMs', least: 1_000, most: day });
  if (count !== undefined && share === undefined && minimum === undefined)
    return { count: figureOf(count, { what: 'threshold.count', least: 1, most: most.count }), windowMs };
  if (count !== undefined || typeof share !== 'number' || !(share >= 0 && share < 1))
    throw invalid('The threshold of a rule is { count, windowMs }, or { share, minimum, windowMs } with a share from 0 to below 1.');
  return { share, minimum: figureOf(minimum, { what: 'threshold.minimum', least: 1, most: most.count }), windowMs };
}

function levelsOf(given: unknown, owner: 'tenant' | 'operator'): AlertRuleDefinition['levels'] {
  if (!Array.isArray(given) || given.length === 0 || given.length > most.levels)
    throw invalid(`The levels of a rule are 1 to ${most.levels}, each { afterMs, channels }.`);
  const listed: readonly unknown[] = given;
  let before = -1;
  return listed.map((each) => {
    const level = objectOf(each, { what: 'A level of a rule', names: ['afterMs', 'channels'] });
    const afterMs = figureOf(level['afterMs'] ?? 0, { what: 'levels.afterMs', least: 0, most: 30 * day });
    if (afterMs <= before) throw invalid('Each level of a rule comes later than the one before. Correct levels.afterMs.');
    before = afterMs;
    const channels = level['channels'];
    if (!Array.isArray(channels) || channels.length === 0 || channels.length > most.channels)
      throw invalid(`A level of a rule has 1 to ${most.channels} channels.`);
    const parts: readonly unknown[] = channels;
    return { afterMs, channels: parts.map((channel) => channelOf(channel, owner)) };
  });
}

function channelOf(given: unknown, owner: 'tenant' | 'operator'): AlertChannel {
  const channel = objectOf(given, { what: 'A channel', names: ['endpoint', 'action', 'connection', 'input', 'host'] });
  const kinds = ['endpoint', 'action', 'host'].filter((kind) => channel[kind] !== undefined);
  const isWhole = kinds.length === 1 && (kinds[0] === 'action' || Object.keys(channel).length === 1);
  if (!isWhole) throw invalid('A channel is { endpoint }, { action, connection, input } or { host }.');
  if (channel['host'] !== undefined) return { host: textOf(channel['host'], 'host') };
  if (owner === 'operator') throw invalid('A rule of the operator is told to functions of the host: give { host }.');
  if (channel['endpoint'] !== undefined) return { endpoint: textOf(channel['endpoint'], 'endpoint') };
  const input = inputOf(channel['input'] ?? {});
  compileTemplate(input, { roots: ['alert'] });
  return { action: textOf(channel['action'], 'action'), connection: textOf(channel['connection'], 'connection'), input };
}

function inputOf(given: unknown): Json {
  const text = jsonText(given);
  if (text === undefined || text.length > most.input || nestsDeeperThan(text, 64))
    throw invalid(`The input of a channel is JSON of up to ${most.input} characters and 64 levels.`);
  return JSON.parse(text) as Json;
}

function objectOf(
  given: unknown,
  { what, names }: { readonly what: string; readonly names: readonly string[] },
): Readonly<Record<string, unknown>> {
  if (!isPlainObject(given)) throw invalid(`${what} is an object of: ${names.join(', ')}.`);
  const extra = Object.keys(given).find((name) => !names.includes(name));
  if (extra !== undefined) throw invalid(`${what} has no ${extra.slice(0, 100)}. It has: ${names.join(', ')}.`);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function textOf(given: unknown, what: string): string {
  if (typeof given === 'string' && given.length >= 1 && given.length <= most.text && /^[^\p{Cc}\p{Cs}]+$/u.test(given)) return given;
  throw invalid(`The ${what} of a rule is text of 1 to ${most.text} characters without control characters.`);
}

function figureOf(given: unknown, { what, least, most }: { readonly what: string; readonly least: number; readonly most: number }): number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= least && given <= most) return given;
  throw invalid(`The ${what} of a rule is a whole number from ${least} to ${most}.`);
}

function flagOf(given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  throw invalid('The tellResolved of a rule is true or false.');
}

function oneOf<Word extends string>(given: unknown, { what, words }: { readonly what: string; readonly words: readonly Word[] }): Word {
  const word = words.find((each) => each === given);
  if (word !== undefined) return word;
  throw invalid(`The ${what} of a rule is one of ${words.join(', ')}.`);
}

function invalid(message: string): PatchbayError {
  return new PatchbayError({ code: 'invalid_argument', message });
}
