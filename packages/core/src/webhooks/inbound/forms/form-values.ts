import type { FormSchema } from '../../../automation/automation-definition.ts';
import { shapedForm } from '../../../automation/form-schema.ts';
import type { Json } from '../../../json/json.ts';

/** The name under which the token of a submission is sent with it: no property of a schema begins so. */
export const tokenField = '_token';

/**
 * The values of a form as browsers send them, by its schema: numbers and checkboxes come as text, and what was left empty is not there. What does not
 * fit stays as it came, and is refused with its name. `null` where there are more names than `mostNames`.
 */
export function formValues(schema: FormSchema, body: string, mostNames: number): Readonly<Record<string, Json>> | null {
  const { properties } = shapedForm(schema);
  const sent = textsOf(body, mostNames);
  if (sent === null) return null;
  const values = new Map<string, Json>();
  for (const [name, texts] of sent) {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (field?.type === 'array')
      values.set(
        name,
        texts.filter((text) => text !== '').map((text) => scalar(field.items.type, text)),
      );
    else if (texts.length > 1) values.set(name, texts);
    else if (texts[0] !== '') values.set(name, field ? scalar(field.type, texts[0] ?? '') : (texts[0] ?? ''));
  }
  // A checkbox that is not ticked is not sent.
  for (const [name, { type }] of Object.entries(properties)) if (type === 'boolean' && !values.has(name)) values.set(name, false);
  return Object.fromEntries(values);
}

/** What was sent, by name, in one pass: to ask for each name among all of them took two seconds for a body of 64 KiB. */
function textsOf(body: string, mostNames: number): ReadonlyMap<string, readonly string[]> | null {
  const sent = new Map<string, string[]>();
  for (const [name, text] of new URLSearchParams(body)) {
    const texts = sent.get(name);
    if (texts !== undefined) texts.push(text);
    else if (sent.size < mostNames) sent.set(name, [text]);
    else return null;
  }
  return sent;
}

const decimal = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*$/i;

function scalar(type: string, text: string): Json {
  if ((type === 'number' || type === 'integer') && decimal.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'on' || text === 'true')) return true;
  return type === 'boolean' && text === 'false' ? false : text;
}
