import type { FormTrigger } from '../../../automation/automation-definition.ts';
import { type FormField, shapedForm } from '../../../automation/form-schema.ts';
import { tokenField } from './form-values.ts';

type Form = FormTrigger['form'];

/** The form as a plain page: labels, native inputs, no script. */
export function formPage({ title, description, schema }: Form, token: string): string {
  const { properties, required = [] } = shapedForm(schema);
  const fields = Object.entries(properties).map(([name, field]) => fieldset(name, field, required.includes(name)));
  const hidden = `<input type="hidden" name="${tokenField}" value="${escaped(token)}">`;
  return page(title, `${paragraph(description)}<form method="post">${hidden}${fields.join('')}<p><button>Send</button></p></form>`);
}

/** A page that says one thing. */
export function messagePage(title: string, lines: readonly string[]): string {
  return page(title, lines.map((line) => `<p>${escaped(line)}</p>`).join(''));
}

function page(title: string, body: string): string {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>`;
  return `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

const paragraph = (text: string | undefined): string => (text === undefined ? '' : `<p>${escaped(text)}</p>`);

function fieldset(name: string, field: FormField, isRequired: boolean): string {
  const mark = isRequired ? ' (required)' : '';
  const hint = field.description === undefined ? '' : ` <small id="${name}-hint">${escaped(field.description)}</small>`;
  const described = hint === '' ? '' : ` aria-describedby="${name}-hint"`;
  const label = `<label for="${name}">${escaped(field.title ?? name)}${mark}</label>${hint}`;
  return `<p>${label}<br>${control(name, field, `id="${name}" name="${name}"${described}${isRequired && field.type !== 'boolean' ? ' required' : ''}`)}</p>`;
}

function control(name: string, field: FormField, attributes: string): string {
  if (field.type === 'array') {
    const { items } = field;
    return items.type === 'string' && items.enum ? choice(items.enum, `${attributes} multiple`) : `<input type="text" ${attributes}>`;
  }
  if (field.type === 'boolean') return `<input type="checkbox" id="${name}" name="${name}" value="true">`;
  if (field.type === 'number' || field.type === 'integer')
    return `<input type="number" step="${field.type === 'integer' ? '1' : 'any'}"${limit('min', field.minimum)}${limit('max', field.maximum)} ${attributes}>`;
  if (field.enum) return choice(field.enum, attributes);
  const lengths = `${limit('minlength', field.minLength)}${limit('maxlength', field.maxLength)}`;
  return field.format === undefined && (field.maxLength ?? 0) > 200
    ? `<textarea rows="6"${lengths} ${attributes}></textarea>`
    : `<input type="${inputTypes[field.format ?? 'text']}"${lengths} ${attributes}>`;
}

const inputTypes = { text: 'text', email: 'email', uri: 'url', date: 'date', 'date-time': 'text' } as const;

const choice = (values: readonly string[], attributes: string): string =>
  `<select ${attributes}>${values.map((value) => `<option value="${escaped(value)}">${escaped(value)}</option>`).join('')}</select>`;

const limit = (name: string, figure: number | undefined): string => (figure === undefined ? '' : ` ${name}="${figure}"`);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => entities[each] ?? '');
