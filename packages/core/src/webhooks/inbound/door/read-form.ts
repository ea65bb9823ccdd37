import { decodeUtf8 } from '../../../json/decode-utf8.ts';
import { bodyInvalid, type ParsedBody, parseText } from '../parse-body.ts';

/** How a form is read. */
export interface FormReading {
  /** The field whose value is JSON, and then the whole body. @default none */
  readonly jsonField: string | undefined;
  /** Most fields. */
  readonly maximumKeys: number;
}

/**
 * The value of a form-encoded body: the JSON of one field where the form has it, else an object of its fields as text. No field comes twice, and none is
 * called `__proto__`. Throws `body_invalid` for what is no UTF-8 form.
 */
export function readForm(bytes: Uint8Array, { jsonField, maximumKeys }: FormReading): ParsedBody {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw bodyInvalid('The body is not UTF-8.');
  const parts = text.split('&', maximumKeys + 1);
  if (parts.length > maximumKeys) throw bodyInvalid(`The body has more than ${maximumKeys} fields.`);
  const pairs = parts.filter((part) => part !== '');
  const fields = new Map(pairs.map(fieldOf));
  if (fields.size !== pairs.length) throw bodyInvalid('The body has a field twice.');
  const json = jsonField === undefined ? undefined : fields.get(jsonField);
  if (json !== undefined) return { value: parseText(json, maximumKeys).value, exact: false };
  fields.delete('__proto__');
  return { value: Object.fromEntries(fields), exact: false };
}

function fieldOf(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf('=');
  return at === -1 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw bodyInvalid('The body is no form in UTF-8.');
  }
}
