/** Types as zod names them, and as people do. */
const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

/** Limits as zod writes them, and as people do. */
const limits: Readonly<Record<string, string>> = {
  '>=': 'at least ',
  '<=': 'at most ',
  '>': 'more than ',
  '<': 'less than ',
  'exactly ': 'exactly ',
};

/**
 * What zod says of a fault by default, in plain words; any other text, such as an author's own, as it is. Only the text of an issue is
 * part of the standard by which schemas of any library are read. `isMissing`: there is nothing at its place.
 */
export function plainWords(message: string, isMissing = message.endsWith(', received undefined')): string {
  if (isMissing && /^Invalid (input|option): expected /.test(message)) return 'is missing';
  const [, expected] = /^Invalid input: expected (\w+), received .+$/.exec(message) ?? [];
  if (expected !== undefined) return `must be ${types[expected] ?? expected}`;
  const [, choice] = /^Invalid (?:input|option): expected (?:one of )?(.+)$/.exec(message) ?? [];
  if (choice !== undefined) return `must be ${choice.replaceAll('"|"', '" or "')}`;
  const [, values] = /^Invalid discriminator value\. Expected (.+)$/.exec(message) ?? [];
  if (values !== undefined) return `must be ${values.replaceAll("'", '"').replaceAll('" | "', '" or "')}`;
  const [, verb, limit = '', amount, unit = ''] =
    /^Too (?:small|big): expected \w+ to (have|be) (>=|<=|>|<|exactly )(\S+)( characters| items| entries| bytes)?$/.exec(message) ?? [];
  if (verb !== undefined) return `must ${verb} ${limits[limit] ?? ''}${amount}${amount === '1' ? singular(unit) : unit}`;
  return message;
}

function singular(unit: string): string {
  return unit.replace(/ies$/, 'y').replace(/s$/, '');
}
