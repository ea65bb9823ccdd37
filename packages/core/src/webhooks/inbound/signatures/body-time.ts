import { isJsonObject } from '../../../json/is-json-object.ts';
import { parseBody } from '../parse-body.ts';
import { isTimely, type TimeRule } from './time-of-text.ts';

/** True where a field at the top of a JSON body, whose signature was found good, is a whole number that says a time near `now`. */
export function isBodyTimely(body: Uint8Array, field: string, rule: TimeRule & { readonly now: number }): boolean {
  try {
    const { value } = parseBody(body);
    const time = isJsonObject(value) && Object.hasOwn(value, field) ? value[field] : undefined;
    return typeof time === 'number' && isTimely(String(time), rule, rule.now);
  } catch {
    return false;
  }
}
