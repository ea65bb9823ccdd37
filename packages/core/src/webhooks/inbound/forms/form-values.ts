import type { FormSchema } from '../../../automation/automation-definition.ts';
import { shapedForm } from '../../../automation/form-schema.ts';
import type { Json } from '../../../json/json.ts';

/** The name under which the token of a submission is sent with it: no property of a schema begins so. */
export const tokenField = '_token';

/**
 * The values of a form as browsers send them, by its schema: numbers and checkboxes come as text, and what was left empty is not there. What does not
 * fit stays as it came, and is refused with its name.
 */
export function formValues(schema: FormSchema, body: string): Readonly<Record<string, Json>> {
  const { properties } = shapedForm(schema);
  const sent = new URLSearchParams(body);
  const values = new Map<string, Json>();
  for (const name of new Set(sent.keys())) {
    const texts = sent.getAll(name);
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

const decimal = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*$/i;

function scalar(type: string, text: string): Json {
  if ((type === 'number' || type === 'integer') && decimal.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'on' || text === 'true')) return true;
  return type === 'boolean' && text === 'false' ? false : text;
}
